import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useConnect, useMe } from '../hooks.js';
import { useSay } from '../parts/say.js';
import { AppLogo } from './app-logo.js';
import type { Entry } from './catalogue.js';
import { useDeeds } from './deeds.js';
import { EntryActions } from './entry-actions.js';
import { EntryLine } from './entry-line.js';
import { card, lead, linkColour } from './look.js';
import { StateBadge } from './state-badge.js';
import { useGo } from './way.js';

/** One app: logo, name, badge, one line, one main button. */
export function EntryCard({ entry }: { entry: Entry }) {
  const say = useSay();
  const { attempts } = useConnect();
  const { linkTo } = useGo();
  const { app, info, state } = entry;
  const attempt = attempts.get(app);
  const details = (word: Parameters<typeof say>[0], main: boolean): ReactNode => (
    <Button
      key="details"
      component="a"
      {...linkTo(app)}
      variant={main ? 'filled' : 'subtle'}
      {...(main ? lead : { c: linkColour })}
      size="md"
      px={main ? 'md' : 'xs'}
      aria-label={say('integrations.do.on', { deed: say(word), app: info.name })}
    >
      {say(word)}
    </Button>
  );
  return (
    <Paper component="li" withBorder p="md" style={card} data-app={app} data-state={state}>
      <Stack gap="sm" h="100%" justify="space-between">
        <Stack gap="xs">
          <Group justify="space-between" gap="xs">
            <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
              <AppLogo info={info} />
              <Title order={3} size="h5" style={{ overflowWrap: 'anywhere' }}>
                {info.name}
              </Title>
            </Group>
            <StateBadge state={state} />
          </Group>
          <EntryLine entry={entry} attempt={attempt} />
          <JustConnected entry={entry} />
        </Stack>
        <EntryActions entry={entry} attempt={attempt} details={details} />
      </Stack>
    </Paper>
  );
}

/** After it: that it works, and whose account it is when it is not the one signed in here. */
export function JustConnected({ entry: { app, info, main } }: { entry: Entry }) {
  const say = useSay();
  const { data: me } = useMe();
  const { attempts } = useConnect();
  const { disconnect } = useDeeds();
  const attempt = attempts.get(app);
  if (attempt?.phase !== 'connected' || !main || main.status !== 'active') return null;
  const again = 'connectionId' in attempt.wish;
  const other = main.accountLabel && me?.email && main.accountLabel.toLowerCase() !== me.email.toLowerCase();
  return (
    <div role="status">
      <Text size="sm" fw={600}>
        {say(again ? 'integrations.line.works-again' : 'integrations.line.works', { app: info.name })}
      </Text>
      {other && (
        <Text size="sm">
          {say('integrations.line.not-you', { label: main.accountLabel ?? '', user: me.email ?? '' })}{' '}
          <Button variant="subtle" size="compact-sm" onClick={() => disconnect(info, main)}>
            {say('integrations.do.disconnect')}
          </Button>
        </Text>
      )}
    </div>
  );
}
