import type { RunsQuery, RunView } from '@gatehouse/contracts';
import { useAgents, useRuns } from '@gatehouse/react';
import { ListFrame } from '@gatehouse/react/parts';
import { Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Page } from '../shell/page.js';
import type { WordId } from '../words/index.js';
import { useSay } from '../words/say.js';
import { StateBadge } from './run-state.js';
import { StartRun } from './start-run.js';
import { useWhen } from './when.js';

const ROW_HEIGHT = 92;
const GOAL_SHOWN = 200;
const SHOWN: readonly { value: NonNullable<RunsQuery['show']> | ''; word: WordId }[] = [
  { value: '', word: 'runs.show.all' },
  { value: 'waiting', word: 'runs.show.waiting' },
  { value: 'working', word: 'runs.show.working' },
  { value: 'completed', word: 'runs.show.completed' },
  { value: 'failed', word: 'runs.show.failed' },
  { value: 'cancelled', word: 'runs.show.cancelled' },
];

/** Asking for a run, and what became of those before. */
export function Runs() {
  const say = useSay();
  const [show, setShow] = useState<(typeof SHOWN)[number]['value']>('');
  const list = useRuns(show || undefined);
  const { conversation } = useSearch({ strict: false });
  return (
    <Page title={say('runs.title')}>
      <StartRun key={conversation ?? ''} conversationId={conversation} />
      <Group justify="space-between" align="end">
        <Title order={2} size="h4">
          {say('runs.list')}
        </Title>
        <NativeSelect
          size="md"
          label={say('runs.show')}
          value={show}
          onChange={({ currentTarget }) => setShow(currentTarget.value as typeof show)}
          data={SHOWN.map(({ value, word }) => ({ value, label: say(word) }))}
        />
      </Group>
      <ListFrame list={list} rowHeight={ROW_HEIGHT} empty={<Text>{say(show ? 'runs.none-such' : 'runs.none')}</Text>}>
        {(rows) => (
          <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
            {rows.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </Stack>
        )}
      </ListFrame>
    </Page>
  );
}

function RunRow({ run }: { run: RunView }) {
  const { time } = useWhen();
  const { data: agents } = useAgents();
  const title = agents?.find(({ name }) => name === run.agent)?.title ?? run.agent;
  return (
    <Paper component="li" withBorder p="sm" radius="md" mih={ROW_HEIGHT}>
      <Stack gap={6}>
        <Link to="/runs/$id" params={{ id: run.id }} style={{ color: 'inherit', overflowWrap: 'anywhere' }}>
          <Text component="span" fw={600} lineClamp={2} dir="auto">
            {run.input.slice(0, GOAL_SHOWN)}
          </Text>
        </Link>
        <Group gap="sm" justify="space-between">
          <StateBadge run={run} />
          <Text size="sm" c="dimmed">
            {title} · {time(run.createdAt)}
          </Text>
        </Group>
      </Stack>
    </Paper>
  );
}
