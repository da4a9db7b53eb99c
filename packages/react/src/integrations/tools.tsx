import type { ToolView } from '@gatehouse/contracts';
import { Box, Group, SegmentedControl, Stack, Switch, Text, Title } from '@mantine/core';
import { useId, useState } from 'react';
import { useChangeTools, useTools } from '../hooks.js';
import { Skeletons } from '../parts/list-frame.js';
import { ProblemNote } from '../parts/problem-note.js';
import { type PartWordId, useSay } from '../parts/say.js';
import { quiet } from './look.js';

type Choice = ToolView['setting'];
const CHOICES: Readonly<Record<Choice, PartWordId>> = {
  allow: 'integrations.tools.allow',
  ask: 'integrations.tools.ask',
  never: 'integrations.tools.never',
};
const CLASSES: readonly { name: ToolView['class']; word: PartWordId }[] = [
  { name: 'read', word: 'integrations.tools.read' },
  { name: 'write', word: 'integrations.tools.write' },
  { name: 'destructive', word: 'integrations.tools.destructive' },
];

/** What agents may do with an app, in three groups; each tool can be made stricter. */
export function Tools({ app }: { app: string }) {
  const say = useSay();
  const { data, error, refetch } = useTools(app);
  const [technical, setTechnical] = useState(false);
  const title = say('integrations.tools.title');
  return (
    <Stack component="section" gap="sm" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeletons count={4} height={48} />}
      {data && !data.length && <Text>{say('integrations.tools.none')}</Text>}
      {data && data.length > 0 && (
        <>
          <Group justify="space-between">
            <Text c={quiet}>{say('integrations.tools.lead')}</Text>
            <Switch
              checked={technical}
              onChange={({ currentTarget }) => setTechnical(currentTarget.checked)}
              label={say('integrations.tools.names')}
            />
          </Group>
          {CLASSES.map(({ name, word }) => (
            <ToolGroup key={name} title={say(word)} tools={data.filter((tool) => tool.class === name)} technical={technical} />
          ))}
        </>
      )}
    </Stack>
  );
}

function ToolGroup({ title, tools, technical }: { title: string; tools: ToolView[]; technical: boolean }) {
  if (!tools.length) return null;
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {title}
      </Title>
      <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
        {tools.map((tool) => (
          <ToolRow key={tool.tool} tool={tool} technical={technical} />
        ))}
      </Stack>
    </Stack>
  );
}

function ToolRow({ tool, technical }: { tool: ToolView; technical: boolean }) {
  const say = useSay();
  const id = useId();
  const change = useChangeTools();
  const chosen = change.isPending || change.isSuccess ? (change.variables[0]?.setting ?? tool.setting) : tool.setting;
  return (
    <Box component="li">
      <Group justify="space-between" gap="xs">
        <div style={{ flex: '1 1 12rem', minWidth: 0 }}>
          <Text id={id}>{tool.title}</Text>
          {technical && (
            <Text size="xs" ff="monospace" c={quiet} style={{ overflowWrap: 'anywhere' }}>
              {tool.tool}
            </Text>
          )}
        </div>
        <SegmentedControl
          aria-labelledby={id}
          value={chosen}
          disabled={change.isPending}
          onChange={(setting) => change.mutate([{ tool: tool.tool, setting: setting as Choice }])}
          data={tool.choices.map((value) => ({ value, label: say(CHOICES[value]) }))}
        />
      </Group>
      {change.error && <ProblemNote error={change.error} />}
      <Text size="xs" role="status">
        {change.isSuccess && say('integrations.tools.saved')}
      </Text>
    </Box>
  );
}
