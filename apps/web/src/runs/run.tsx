import type { RunView } from '@gatehouse/contracts';
import { useApprovalsOf, useRun, useRunCalls, useRunFeed } from '@gatehouse/react';
import { ForeignText, ProblemNote, Skeletons, StaleBanner } from '@gatehouse/react/parts';
import { Anchor, Paper, Stack, Text } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { Questions } from '../approvals/questions.js';
import { Page } from '../shell/page.js';
import { useSay } from '../words/say.js';
import { Answer } from './answer.js';
import { ConnectCard } from './connect-card.js';
import { linesOf } from './lines.js';
import { RunHeader } from './run-header.js';
import { isLive } from './run-state.js';
import { Timeline } from './timeline.js';
import { UnconfirmedCards } from './unconfirmed-card.js';

const CARD_HEIGHT = 120;

/** One run: what it is up to, what it waits for, what it did. */
export function Run() {
  const { id } = useParams({ strict: false });
  // A page of its own for each run: nothing of one is ever shown with another.
  return id ? <OneRun key={id} id={id} /> : null;
}

function OneRun({ id }: { id: string }) {
  const say = useSay();
  const { data: run, error, refetch } = useRun(id);
  return (
    <Page title={say('run.title')}>
      <Anchor component={Link} to="/runs" size="sm">
        {say('run.all')}
      </Anchor>
      {!run && !error && <Skeletons count={3} height={CARD_HEIGHT} />}
      {!run && error && <ProblemNote error={error} retry={() => void refetch()} />}
      {run && error && <StaleBanner retry={() => void refetch()} />}
      {run && <Whole run={run} />}
    </Page>
  );
}

function Whole({ run }: { run: RunView }) {
  const say = useSay();
  const feed = useRunFeed(run.id);
  const calls = useRunCalls(run.id);
  const live = isLive(run);
  const { data: waiting = [] } = useApprovalsOf(run.id, live);
  const lines = linesOf(feed.rows);
  return (
    <Stack gap="lg">
      <RunHeader run={run} calls={calls.data ?? []} lines={lines} />
      {live && run.waitingFor?.kind === 'connection' && (
        <ConnectCard run={run} since={lines.findLast(({ kind }) => kind === 'waited')?.at ?? ''} />
      )}
      <Questions waiting={live ? waiting : []} />
      <UnconfirmedCards runId={run.id} calls={calls.data ?? []} />
      <Paper component="section" withBorder p="md" radius="md" aria-label={say('run.goal')}>
        <Text size="sm" c="dimmed" mb={4}>
          {say('run.goal')}
        </Text>
        <ForeignText text={run.input} />
      </Paper>
      <Answer run={run} />
      <Timeline run={run} feed={feed} lines={lines} calls={calls.data ?? []} />
    </Stack>
  );
}
