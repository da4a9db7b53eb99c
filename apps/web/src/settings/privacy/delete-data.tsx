import { appName, type ConnectionView } from '@gatehouse/contracts';
import { useConnections, useMe } from '@gatehouse/react';
import { ForeignName, ProblemNote, Skeletons } from '@gatehouse/react/parts';
import { Alert, Button, List, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { WordId } from '../../words/index.js';
import { useSay } from '../../words/say.js';
import { DeleteDialog } from './delete-dialog.js';
import { type Outlook, outlookOf } from './farewell.js';
import { Remains } from './remains.js';
import { Section } from './section.js';

const OUTLOOKS: Readonly<Record<Outlook, WordId>> = {
  ask: 'privacy.delete.ask',
  gone: 'privacy.delete.gone',
  look: 'privacy.delete.look',
};

/** First what will happen, app by app, and what stays; then the deed. */
export function DeleteData() {
  const say = useSay();
  const { data: connections, error, refetch } = useConnections();
  const { data: me } = useMe();
  const [open, dialog] = useDisclosure();
  return (
    <Section title={say('privacy.delete')} lead={say('privacy.delete.lead')}>
      <Title order={3} size="h5">
        {say('privacy.delete.apps')}
      </Title>
      {!connections && (error ? <ProblemNote error={error} retry={() => void refetch()} /> : <Skeletons count={2} height={28} />)}
      {connections && <Preview connections={connections} />}
      <Remains />
      {me && !me.hasPassword && (
        <Alert color="blue" variant="light">
          {say('privacy.delete.elsewhere')}
        </Alert>
      )}
      {me?.hasPassword && connections && (
        <Button color="red" onClick={dialog.open} style={{ alignSelf: 'start' }}>
          {say('privacy.delete.start')}
        </Button>
      )}
      <DeleteDialog opened={open} onClose={dialog.close} />
    </Section>
  );
}

function Preview({ connections }: { connections: ConnectionView[] }) {
  const say = useSay();
  const rows = connections.flatMap((connection) => {
    const outlook = outlookOf(connection);
    return outlook ? [{ ...connection, outlook }] : [];
  });
  if (!rows.length) return <Text>{say('privacy.delete.no-apps')}</Text>;
  return (
    <Stack gap="xs">
      <List spacing="xs">
        {rows.map(({ id, app, accountLabel, outlook }) => (
          <List.Item key={id}>
            <strong>{appName(app)}</strong> {accountLabel && <ForeignName text={accountLabel} maxWidth="16rem" />}
            <Text>{say(OUTLOOKS[outlook], { app: appName(app) })}</Text>
          </List.Item>
        ))}
      </List>
      <Text size="sm">{say('privacy.delete.shared')}</Text>
    </Stack>
  );
}
