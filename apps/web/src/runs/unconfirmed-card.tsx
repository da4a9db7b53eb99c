import { appName, type RunCallView } from '@gatehouse/contracts';
import { ApiProblem, useSayOutcome, useToolsByName } from '@gatehouse/react';
import { ProblemNote } from '@gatehouse/react/parts';
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useId, useState } from 'react';
import { FieldList } from '../approvals/field-list.js';
import { plainLabel } from '../approvals/fields.js';
import { useSay } from '../words/say.js';

/** What nobody could confirm, one card each, until its person has said what they found, or has put it aside. */
export function UnconfirmedCards({ runId, calls }: { runId: string; calls: readonly RunCallView[] }) {
  const [left, setLeft] = useState<readonly string[]>([]);
  const open = calls.filter(({ state, happened, toolCallId }) => state === 'unknown' && happened === null && !left.includes(toolCallId));
  return open.map((call) => (
    <UnconfirmedCard key={call.toolCallId} runId={runId} call={call} onLeave={() => setLeft([...left, call.toolCallId])} />
  ));
}

function UnconfirmedCard({ runId, call, onLeave }: { runId: string; call: RunCallView; onLeave: () => void }) {
  const say = useSay();
  const title = useId();
  const tools = useToolsByName();
  const tell = useSayOutcome(runId);
  const said = (happened: boolean) => tell.mutate({ toolCallId: call.toolCallId, happened });
  return (
    <Paper component="article" withBorder p="md" radius="md" aria-labelledby={title} data-unconfirmed={call.toolCallId}>
      <Stack gap="sm">
        <Title order={2} size="h4" id={title} style={{ overflowWrap: 'anywhere' }}>
          {say('run.unconfirmed.title', { title: tools.get(call.tool)?.title ?? plainLabel(call.tool.toLowerCase()) })}
        </Title>
        <Text size="sm">{say('run.unconfirmed.look', { app: appName(call.app ?? '') })}</Text>
        {call.arguments && <FieldList args={call.arguments} />}
        {tell.error && !(tell.error instanceof ApiProblem && tell.error.status === 409) && <ProblemNote error={tell.error} />}
        <Group gap="sm">
          <Button variant="default" loading={tell.isPending} onClick={() => said(true)}>
            {say('run.unconfirmed.was')}
          </Button>
          <Button variant="default" disabled={tell.isPending} onClick={() => said(false)}>
            {say('run.unconfirmed.was-not')}
          </Button>
          <Button variant="subtle" disabled={tell.isPending} onClick={onLeave}>
            {say('run.unconfirmed.leave')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
