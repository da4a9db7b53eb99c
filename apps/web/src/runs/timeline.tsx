import type { RunCallView, RunView } from '@gatehouse/contracts';
import { type RunFeedView, useConnections, useToolsByName } from '@gatehouse/react';
import { ForeignText } from '@gatehouse/react/parts';
import { Box, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useId } from 'react';
import { useSay } from '../words/say.js';
import { useLineWords } from './line-words.js';
import type { Line } from './lines.js';
import { isLive } from './run-state.js';
import { TimelineLine } from './timeline-line.js';
import { useAnnouncement } from './use-announcement.js';

interface TimelineProps {
  run: RunView;
  feed: RunFeedView;
  lines: readonly Line[];
  calls: readonly RunCallView[];
}

/** What happened, line by line, and what is being said now. New lines are announced, slowly; text that still grows never is. */
export function Timeline({ run, feed, lines, calls }: TimelineProps) {
  const say = useSay();
  const id = useId();
  const tools = useToolsByName();
  const accountOf = useAccountOf();
  const words = useLineWords(tools);
  const last = lines.at(-1);
  const announced = useAnnouncement(last ? `${last.id}${words(last)}` : '', last ? words(last) : '');
  const lost = isLive(run) && feed.state === 'lost';
  return (
    <Paper component="section" withBorder p="md" radius="md" aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="sm">
        {say('run.timeline')}
      </Title>
      <VisuallyHidden role="status">{announced}</VisuallyHidden>
      <div role="log" aria-live="off" aria-labelledby={id}>
        <Stack component="ol" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
          {lines.map((line) => (
            <TimelineLine
              key={line.id}
              line={line}
              words={words(line)}
              account={line.kind === 'call' ? accountOf(line.accountId) : null}
              call={callOf(line, calls)}
              answer={run.output}
            />
          ))}
        </Stack>
      </div>
      {feed.rows.length === 0 && (feed.state === 'over' || feed.state === 'open') && !isLive(run) && (
        <Text size="sm">{say('run.timeline.gone')}</Text>
      )}
      {feed.speaking && (
        <Box aria-hidden="true" mt="sm" data-speaking="">
          <ForeignText text={feed.speaking.slice(-SHOWN)} />
        </Box>
      )}
      <Text size="sm" c="dimmed" role="status">
        {lost && say('run.timeline.lost')}
      </Text>
    </Paper>
  );
}

/** What a person calls an account; nothing where nobody knows. */
function useAccountOf(): (accountId: string) => string | null {
  const { data: connections = [] } = useConnections();
  return (accountId) => {
    const found = connections.find((one) => one.accountId === accountId);
    return found?.accountLabel ?? found?.alias ?? null;
  };
}

/** Of a text that still grows, the end is what is new. */
const SHOWN = 590;

function callOf(line: Line, calls: readonly RunCallView[]): RunCallView | undefined {
  if (line.kind === 'call' || line.kind === 'refused') return calls.find(({ toolCallId }) => toolCallId === line.toolCallId);
  if (line.kind === 'asked' && line.answer === 'reject') return calls.find(({ approvalId }) => approvalId === line.approvalId);
  return undefined;
}
