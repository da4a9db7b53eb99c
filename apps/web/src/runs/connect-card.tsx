import { appName, type Blocker, type RunView } from '@gatehouse/contracts';
import { type Attempt, type ConnectWish, useAppsNamed, useConnect, useConnections } from '@gatehouse/react';
import { ConnectDialog } from '@gatehouse/react/integrations';
import { ProblemNote } from '@gatehouse/react/parts';
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
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

const BY_CONNECTING: readonly Blocker['state'][] = ['not_connected', 'pending', 'not_finished', 'removing', 'broken'];
const PHASES: Partial<Record<Attempt['phase'], WordId>> = {
  waiting: 'run.connect.waiting',
  checking: 'run.connect.checking',
  over: 'run.connect.checking',
  late: 'run.connect.late',
};

/** What the run waits for, since when, and the way to give it. The run goes on by itself, whether this page is open or not. */
export function ConnectCard({ run, since }: { run: RunView; since: string }) {
  const say = useSay();
  const { until } = useWhen();
  const { waitingFor } = run;
  const blockers = [...new Map((waitingFor?.blockers ?? []).map((blocker) => [blocker.app, blocker])).values()];
  return (
    <Paper component="section" withBorder p="md" radius="md" aria-label={say('run.state.waiting')}>
      <Stack gap="md">
        {blockers.map((blocker) => (
          <Missing key={blocker.app} blocker={blocker} since={since} />
        ))}
        <Text size="sm" c="dimmed">
          {say('run.connect.saved', { until: until(waitingFor?.until ?? run.createdAt) })}
        </Text>
      </Stack>
    </Paper>
  );
}

function Missing({ blocker: { app, state }, since }: { blocker: Blocker; since: string }) {
  const say = useSay();
  const name = appName(app);
  const { attempts } = useConnect();
  const attempt = attempts.get(app);
  const { data: connections = [] } = useConnections();
  const mine = connections.find((one) => one.app === app && one.default);
  // One that was active before the run had to wait is not the answer: the app has just refused it.
  const connected = mine?.status === 'active' && (state !== 'broken' || (mine.connectedAt ?? '') > since);
  const wish = state === 'broken' && mine ? { connectionId: mine.id, app } : { app };
  return (
    <Stack gap="sm">
      <div role="alert">
        <Title order={2} size="h4">
          {say(connected && state !== 'paused' ? 'run.connected' : (ASKS[state] ?? 'run.connect.title'), { app: name })}
        </Title>
      </div>
      {attempt && <Progress attempt={attempt} name={name} />}
      {!connected && BY_CONNECTING.includes(state) && <Way app={app} attempt={attempt} wish={wish} />}
      {state === 'ambiguous' && <Link to="/settings/integrations">{say('run.choose')}</Link>}
    </Stack>
  );
}

function Progress({ attempt: { phase, problem }, name }: { attempt: Attempt; name: string }) {
  const say = useSay();
  if (phase === 'refused') return <ProblemNote error={problem} />;
  const word = PHASES[phase];
  return word ? <Text role="status">{say(word, { app: name })}</Text> : null;
}

/** The same dialog as in Settings; or this window, where the browser blocks another. */
function Way({ app, attempt, wish }: { app: string; attempt: Attempt | undefined; wish: ConnectWish }) {
  const say = useSay();
  const { connecting } = useConnect();
  const { data: [info] = [] } = useAppsNamed([app]);
  const [asking, setAsking] = useState(false);
  if (attempt?.phase === 'blocked')
    return (
      <Group>
        <Button onClick={() => connecting.leave(app)}>{say('run.connect.here')}</Button>
      </Group>
    );
  return (
    <Group>
      <Button
        leftSection={<IconPlugConnected size={18} aria-hidden />}
        loading={attempt?.phase === 'asking'}
        disabled={!info}
        onClick={() => setAsking(true)}
      >
        {say('connectionId' in wish ? 'run.reconnect' : 'run.connect', { app: appName(app) })}
      </Button>
      {asking && info && <ConnectDialog info={info} wish={wish} naming={false} onClose={() => setAsking(false)} />}
    </Group>
  );
}
