import { appName, type Blocker, type RunView } from '@gatehouse/contracts';
import { useAppsNamed, useConnect, useConnections } from '@gatehouse/react';
import { ConnectDialog } from '@gatehouse/react/integrations';
import { ProblemNote } from '@gatehouse/react/parts';
import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { WordId } from '../words/index.js';
import { useSay } from '../words/say.js';
import { useWhen } from './when.js';

const ASKS: Partial<Record<Blocker['state'], WordId>> = {
  not_connected: 'run.connect.title',
  pending: 'run.connect.title',
  not_finished: 'run.connect.title',
  removing: 'run.connect.title',
  broken: 'run.reconnect.title',
  unknown: 'run.checking.title',
  ambiguous: 'run.choose.title',
  paused: 'run.paused.title',
};

/** What the run waits for, and the way to give it. The run goes on by itself, whether this page is open or not. */
export function ConnectCard({ run }: { run: RunView }) {
  const say = useSay();
  const { until } = useWhen();
  const { waitingFor } = run;
  const blockers = [...new Map((waitingFor?.blockers ?? []).map((blocker) => [blocker.app, blocker])).values()];
  return (
    <Paper component="section" withBorder p="md" radius="md" aria-label={say('run.state.waiting')}>
      <Stack gap="md">
        {blockers.map((blocker) => (
          <Missing key={blocker.app} blocker={blocker} />
        ))}
        <Text size="sm" c="dimmed">
          {say('run.connect.saved', { until: until(waitingFor?.until ?? run.createdAt) })}
        </Text>
      </Stack>
    </Paper>
  );
}

function Missing({ blocker: { app, state } }: { blocker: Blocker }) {
  const say = useSay();
  const name = appName(app);
  const { attempts, connecting } = useConnect();
  const { data: connections = [] } = useConnections();
  const attempt = attempts.get(app);
  const broken = connections.find((one) => one.app === app && one.status === 'broken' && one.default);
  const active = connections.some((one) => one.app === app && one.status === 'active' && one.default);
  const { data: infos = [] } = useAppsNamed([app]);
  const [asking, setAsking] = useState(false);
  const wish = broken ? { connectionId: broken.id, app } : { app };
  const canConnect = state !== 'paused' && state !== 'ambiguous' && state !== 'unknown';
  return (
    <Stack gap="sm">
      <div role="alert">
        <Title order={2} size="h4">
          {say(active && state !== 'paused' ? 'run.connected' : (ASKS[state] ?? 'run.connect.title'), { app: name })}
        </Title>
      </div>
      {attempt?.phase === 'refused' && <ProblemNote error={attempt.problem} />}
      {attempt?.phase === 'late' && <Alert color="yellow">{say('run.connect.late')}</Alert>}
      {attempt && ['waiting', 'checking', 'over'].includes(attempt.phase) && (
        <Text role="status">{say(attempt.phase === 'waiting' ? 'run.connect.waiting' : 'run.connect.checking', { app: name })}</Text>
      )}
      {!active && canConnect && (
        <Group gap="sm">
          {attempt?.phase === 'blocked' ? (
            <Button onClick={() => connecting.leave(app)}>{say('run.connect.here')}</Button>
          ) : (
            <Button
              leftSection={<IconPlugConnected size={18} aria-hidden />}
              loading={attempt?.phase === 'asking'}
              disabled={!infos[0]}
              onClick={() => setAsking(true)}
            >
              {say(broken ? 'run.reconnect' : 'run.connect', { app: name })}
            </Button>
          )}
        </Group>
      )}
      {asking && infos[0] && <ConnectDialog info={infos[0]} wish={wish} naming={false} onClose={() => setAsking(false)} />}
      {state === 'ambiguous' && <Link to="/settings/integrations">{say('run.choose')}</Link>}
    </Stack>
  );
}
