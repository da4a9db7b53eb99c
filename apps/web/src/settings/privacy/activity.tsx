import { appName } from '@gatehouse/contracts';
import { useAllActivity, useConnections, useTools } from '@gatehouse/react';
import { ListFrame } from '@gatehouse/react/parts';
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useSay } from '../../words/say.js';
import { ActivityRow } from './activity-row.js';
import { Section } from './section.js';

const ROW = 76; // pixels

/** Everything agents did with the person's accounts, of all apps or one, of all runs or one. What is chosen stands in the address. */
export function Activity() {
  const say = useSay();
  const { app, run } = useSearch({ from: '/shell/settings/privacy' });
  const navigate = useNavigate();
  const list = useAllActivity({ app, runId: run });
  const { data: tools } = useTools('');
  const titles = new Map(tools?.map(({ tool, title }) => [tool, title]));
  const show = (search: { app?: string | undefined; run?: string | undefined }) =>
    void navigate({ to: '/settings/privacy', search, replace: true, resetScroll: false });
  return (
    <Section title={say('privacy.activity')} lead={say('privacy.activity.lead')}>
      <Group gap="sm" align="end">
        <AppFilter app={app} onChange={(chosen) => show({ app: chosen, run })} />
        {run && (
          <Button variant="default" onClick={() => show({ app })}>
            {say('privacy.activity.all-runs')}
          </Button>
        )}
      </Group>
      <ListFrame list={list} rowHeight={ROW} empty={<Text>{say('privacy.activity.none')}</Text>}>
        {(rows) => (
          <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
            {rows.map((row) => (
              <ActivityRow
                key={`${row.runId} ${row.toolCallId}`}
                row={row}
                title={titles.get(row.tool)}
                {...(!run && { onlyThisRun: () => show({ app, run: row.runId }) })}
              />
            ))}
          </Stack>
        )}
      </ListFrame>
    </Section>
  );
}

function AppFilter({ app, onChange }: { app: string | undefined; onChange: (app: string | undefined) => void }) {
  const say = useSay();
  const { data: connections } = useConnections();
  const apps = [...new Set([...(connections?.map((one) => one.app) ?? []), ...(app ? [app] : [])])];
  const data = apps.map((one) => ({ value: one, label: appName(one) })).sort((a, b) => a.label.localeCompare(b.label));
  return (
    <NativeSelect
      size="md"
      label={say('privacy.activity.app')}
      value={app ?? ''}
      onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
      data={[{ value: '', label: say('privacy.activity.all-apps') }, ...data]}
    />
  );
}
