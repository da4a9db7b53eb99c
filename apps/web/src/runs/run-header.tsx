import type { RunCallView, RunView } from '@gatehouse/contracts';
import { useAgents, useCancelRun, useRequestRun } from '@gatehouse/react';
import { ProblemNote } from '@gatehouse/react/parts';
import { Alert, Button, Group, Paper, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useSay } from '../words/say.js';
import { failureWords } from './failure-words.js';
import type { Line } from './lines.js';
import { isLive, StateBadge, useStateWords } from './run-state.js';
import { useWhen } from './when.js';

interface RunHeaderProps {
  run: RunView;
  calls: readonly RunCallView[];
  lines: readonly Line[];
}

/** What the run is up to, always in reach: so is the way to stop it. Below, how it ended, and the way on. */
export function RunHeader({ run, calls, lines }: RunHeaderProps) {
  const say = useSay();
  const words = useStateWords();
  const { time } = useWhen();
  const { data: agents } = useAgents();
  const title = agents?.find(({ name }) => name === run.agent)?.title ?? run.agent;
  const live = isLive(run);
  return (
    <>
      <Paper withBorder px="sm" py="xs" radius="md" pos="sticky" top={68} style={{ zIndex: 10 }} data-over-content="">
        <Group justify="space-between" gap="sm" mih={44}>
          <StateBadge run={run} />
          {live && <Stop run={run} />}
        </Group>
      </Paper>
      <Stack gap="xs">
        <div role="status">
          <VisuallyHidden>{words(run)}</VisuallyHidden>
          {run.state === 'cancelled' && <Text>{say('run.stopped', deedsOf(calls, lines))}</Text>}
          {run.state === 'delayed' && <Text>{say('run.delayed')}</Text>}
        </div>
        {run.state === 'failed' && <Failure error={run.error} />}
        <Text size="sm" c="dimmed">
          {say('run.about', { agent: title, at: time(run.createdAt), actions: run.usage.toolCalls, tokens: run.usage.tokens })}
        </Text>
        {!live && <Further run={run} calls={calls} />}
      </Stack>
    </>
  );
}

function Stop({ run }: { run: RunView }) {
  const say = useSay();
  const cancel = useCancelRun();
  // One that works is only asked, and ends before its next action.
  const asked = cancel.isPending || cancel.isSuccess;
  return (
    <Group gap="sm">
      {cancel.error && <ProblemNote error={cancel.error} />}
      {cancel.isSuccess && <Text size="sm">{say('run.stopping')}</Text>}
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={18} aria-hidden />}
        disabled={asked}
        onClick={() => cancel.mutate(run.id)}
      >
        {say('run.stop')}
      </Button>
    </Group>
  );
}

function Failure({ error }: { error: RunView['error'] }) {
  const say = useSay();
  const { id, values } = failureWords(error);
  return (
    <Alert color="red" variant="light" role="alert">
      {say(id, values)}
    </Alert>
  );
}

/** The way on: the same again where nothing was changed by it, or the same conversation. */
function Further({ run, calls }: { run: RunView; calls: readonly RunCallView[] }) {
  const say = useSay();
  const navigate = useNavigate();
  const again = useRequestRun();
  const key = useRef(crypto.randomUUID());
  const { input, agent, apps, conversationId } = run;
  const onClick = () => {
    const request = { input, agent, apps, ...(conversationId && { conversationId }) };
    again.mutate({ request, key: key.current }, { onSuccess: ({ id }) => void navigate({ to: '/runs/$id', params: { id } }) });
  };
  return (
    <Stack gap="xs">
      {again.error && <ProblemNote error={again.error} />}
      <Group gap="sm">
        {run.state !== 'completed' && isSafe(calls) && (
          <Button variant="default" loading={again.isPending} onClick={onClick}>
            {say('run.again')}
          </Button>
        )}
        {conversationId && run.state === 'completed' && (
          <Button variant="default" renderRoot={(props) => <Link to="/runs" search={{ conversation: conversationId }} {...props} />}>
            {say('run.go-on')}
          </Button>
        )}
      </Group>
      {run.state !== 'completed' && !isSafe(calls) && (
        <Text size="sm" c="dimmed">
          {say('run.not-again')}
        </Text>
      )}
    </Stack>
  );
}

/** Nothing was changed by it, as far as is known. */
const isSafe = (calls: readonly RunCallView[]): boolean =>
  calls.every((call) => call.class === 'read' || ['failed', 'refused'].includes(call.state));

/** Of a stopped run: what was done before, what nobody can say, and what was asked for and not done. */
function deedsOf(calls: readonly RunCallView[], lines: readonly Line[]): Record<'done' | 'unknown' | 'undone', number> {
  const writes = calls.filter((call) => call.class !== 'read');
  const open = lines.filter((line) => line.kind === 'asked' && line.answer === null);
  return {
    done: writes.filter(({ state, happened }) => state === 'done' || happened === true).length,
    unknown: writes.filter(({ state, happened }) => (state === 'unknown' || state === 'started') && happened === null).length,
    undone: open.length,
  };
}
