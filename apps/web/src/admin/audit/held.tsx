import { appName, type HeldApp, type SettledHeld } from '@gatehouse/contracts';
import { useGatehouse } from '@gatehouse/react';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useSay } from '../../words/say.js';
import { type Act, ActDialog } from '../parts/act-dialog.js';
import { Section } from '../parts/section.js';
import { Source } from '../parts/source.js';
import { useAdmin } from '../parts/use-admin.js';
import { useNumbers } from '../parts/use-numbers.js';

/** Apps with too many breaks at once: nobody was told, and a person decides. */
export function Held() {
  const say = useSay();
  const { client } = useGatehouse();
  const read = useAdmin<{ data: HeldApp[] }>('auditor/held');
  const [deed, setDeed] = useState<Act>();
  const settle = (app: string, what: 'release' | 'discard', dryRun: boolean) => (reason: string) =>
    client.post<SettledHeld>(`/admin/auditor/held/${app}/${what}`, { reason, dryRun });
  const release = (slug: string): Act => ({
    title: say('admin.held.release.title', { app: appName(slug) }),
    word: say('admin.held.release'),
    look: async (reason) => {
      const { settled } = await settle(slug, 'release', true)(reason);
      return { touches: settled, says: say('admin.held.release.look', { count: settled, app: appName(slug) }) };
    },
    act: async (reason) => say('admin.held.release.done', { count: (await settle(slug, 'release', false)(reason)).settled }),
  });
  const discard = (slug: string): Act => ({
    title: say('admin.held.discard.title', { app: appName(slug) }),
    word: say('admin.held.discard'),
    look: async (reason) => {
      const { settled } = await settle(slug, 'discard', true)(reason);
      return { touches: settled, says: say('admin.held.discard.look', { count: settled }) };
    },
    act: async (reason) => say('admin.held.discard.done', { count: (await settle(slug, 'discard', false)(reason)).settled }),
  });
  return (
    <Section title={say('admin.held')}>
      <Source read={read} name="auditor" height={60}>
        {({ data }) =>
          data.length ? (
            <Stack gap="sm">
              {data.map((one) => (
                <HeldNote key={one.app} one={one} onRelease={() => setDeed(release(one.app))} onDiscard={() => setDeed(discard(one.app))} />
              ))}
            </Stack>
          ) : (
            <Text>{say('admin.held.none')}</Text>
          )
        }
      </Source>
      <ActDialog deed={deed} onClose={() => setDeed(undefined)} />
    </Section>
  );
}

function HeldNote({
  one: { app, held, active, since },
  onRelease,
  onDiscard,
}: {
  one: HeldApp;
  onRelease: () => void;
  onDiscard: () => void;
}) {
  const say = useSay();
  const { time } = useNumbers();
  return (
    <Alert color="red" variant="light">
      <Stack gap="sm">
        <Text>{say('admin.held.says', { held, active: Math.max(active, held), app: appName(app) })}</Text>
        <Text size="sm">{say('admin.held.since', { since: time(since) })}</Text>
        <Group gap="sm">
          <Button color="red" onClick={onRelease}>
            {say('admin.held.release')}
          </Button>
          <Button variant="default" onClick={onDiscard}>
            {say('admin.held.discard')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
