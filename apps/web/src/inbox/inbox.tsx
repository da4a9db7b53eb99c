import { useMarkInboxRead } from '@gatehouse/react';
import { ListFrame, ProblemNote } from '@gatehouse/react/parts';
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Page } from '../shell/page.js';
import { useSay } from '../words/say.js';
import { Message } from './message.js';
import { useMyInbox } from './use-my-inbox.js';

const ROW = 84; // pixels

export function Inbox() {
  const say = useSay();
  const list = useMyInbox();
  const markAll = useMarkInboxRead();
  const unread = list.first?.unread ?? 0;
  const newest = list.rows?.[0]?.id;
  return (
    <Page title={say('inbox.title')} lead={say('inbox.lead')}>
      <Group justify="space-between" gap="sm">
        <Text role="status">{list.first && say('inbox.unread', { count: unread })}</Text>
        <Button
          variant="default"
          disabled={!unread || !newest}
          loading={markAll.isPending}
          onClick={() => newest && markAll.mutate(newest)}
        >
          {say('inbox.read-all')}
        </Button>
      </Group>
      {markAll.error && <ProblemNote error={markAll.error} />}
      <ListFrame list={list} rowHeight={ROW} empty={<Text>{say('inbox.none')}</Text>}>
        {(rows) => (
          <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
            {rows.map((row) => (
              <Message key={row.id} message={row} />
            ))}
          </Stack>
        )}
      </ListFrame>
      <Anchor component={Link} to="/settings/notifications">
        {say('inbox.settings')}
      </Anchor>
    </Page>
  );
}
