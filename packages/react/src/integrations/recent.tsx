import type { ActivityView } from '@gatehouse/contracts';
import { Anchor, Stack, Table, Text, Title } from '@mantine/core';
import { useActivity, useTools } from '../hooks.js';
import { ListFrame } from '../parts/list-frame.js';
import { type PartWordId, useSay } from '../parts/say.js';
import { Icon, type IconName } from './icon.js';
import { linkColour } from './look.js';
import { useTimes } from './use-times.js';
import { useGo } from './way.js';

const RESULTS: Readonly<Record<ActivityView['state'], { icon: IconName; word: PartWordId }>> = {
  started: { icon: 'dots', word: 'integrations.recent.started' },
  done: { icon: 'tick', word: 'integrations.recent.done' },
  failed: { icon: 'cross', word: 'integrations.recent.failed' },
  unknown: { icon: 'question', word: 'integrations.recent.unknown' },
  refused: { icon: 'shield', word: 'integrations.recent.refused' },
};

/** The last twenty things that agents did with an app, and older ones on demand. */
export function Recent({ app }: { app: string }) {
  const say = useSay();
  const list = useActivity(app);
  const title = say('integrations.recent.title');
  return (
    <Stack component="section" gap="sm" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      <ListFrame list={list} rowHeight={40} empty={<Text>{say('integrations.recent.none')}</Text>}>
        {(rows) => <Rows app={app} rows={rows} />}
      </ListFrame>
    </Stack>
  );
}

function Rows({ app, rows }: { app: string; rows: ActivityView[] }) {
  const say = useSay();
  const { ago } = useTimes();
  const { linkToRun } = useGo();
  const { data: tools } = useTools(app);
  const titles = new Map(tools?.map(({ tool, title }) => [tool, title]));
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say('integrations.recent.what')}</Table.Th>
            <Table.Th>{say('integrations.recent.when')}</Table.Th>
            <Table.Th>{say('integrations.recent.result')}</Table.Th>
            {linkToRun && <Table.Th>{say('integrations.recent.run')}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ runId, toolCallId, tool, state, startedAt }) => (
            <Table.Tr key={`${runId} ${toolCallId}`}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{titles.get(tool) ?? tool}</Table.Td>
              <Table.Td>{ago(startedAt)}</Table.Td>
              <Table.Td>
                <Icon name={RESULTS[state].icon} /> {say(RESULTS[state].word)}
              </Table.Td>
              {linkToRun && (
                <Table.Td>
                  <Anchor c={linkColour} {...linkToRun(runId)}>
                    {say('integrations.recent.open')}
                  </Anchor>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
