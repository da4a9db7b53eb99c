import type { RunView } from '@gatehouse/contracts';
import { ForeignText } from '@gatehouse/react/parts';
import { Paper, Stack, Title } from '@mantine/core';
import { useId } from 'react';
import { FieldList } from '../approvals/field-list.js';
import { useSay } from '../words/say.js';

/** What the run was for: its answer, and the same as fields where the agent gives them. */
export function Answer({ run }: { run: RunView }) {
  const say = useSay();
  const id = useId();
  if (run.output === null && !run.structured) return null;
  return (
    <Paper component="section" withBorder p="md" radius="md" aria-labelledby={id}>
      <Stack gap="sm">
        <Title order={2} size="h4" id={id}>
          {say('run.answer')}
        </Title>
        {run.structured ? <FieldList args={run.structured} /> : <ForeignText text={run.output ?? ''} />}
      </Stack>
    </Paper>
  );
}
