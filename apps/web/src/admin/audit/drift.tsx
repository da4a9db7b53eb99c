import type { DriftReportView } from '@gatehouse/contracts';
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useSay } from '../../words/say.js';
import { AdminPage } from '../parts/admin-page.js';
import { type Column, DataTable } from '../parts/data-table.js';
import { Source } from '../parts/source.js';
import { useAdmin } from '../parts/use-admin.js';
import { useNumbers } from '../parts/use-numbers.js';
import { DriftDeeds } from './drift-deeds.js';
import { Findings } from './findings.js';

const WATCH_MS = 2_000;

/** What differs between Composio and us: comparisons that only look, and then one that repairs. */
export function Drift() {
  const say = useSay();
  const read = useAdmin<{ data: DriftReportView[] }>('auditor/drift');
  const [newest] = read.data?.data ?? [];
  // Beside the list, while one is under way: its numbers grow.
  useAdmin('auditor/drift', { everyMs: WATCH_MS, enabled: newest?.state === 'running' });
  const [chosen, setChosen] = useState<string>();
  const columns = useColumns(setChosen);
  return (
    <AdminPage title={say('admin.drift')} lead={say('admin.drift.lead')}>
      <DriftDeeds newest={newest} />
      <Source read={read} name="auditor">
        {({ data }) =>
          data.length ? (
            <DataTable title={say('admin.drift.reports')} rows={data} columns={columns} keyOf={({ id }) => id} />
          ) : (
            <Text>{say('admin.drift.none')}</Text>
          )
        }
      </Source>
      {newest && <Findings key={chosen ?? newest.id} id={chosen ?? newest.id} />}
    </AdminPage>
  );
}

function useColumns(choose: (id: string) => void): Column<DriftReportView>[] {
  const say = useSay();
  const { count, time } = useNumbers();
  const number = (head: string, of: (report: DriftReportView) => number): Column<DriftReportView> => ({
    head,
    cell: (report) => count(of(report)),
    numeric: true,
  });
  return [
    { head: say('admin.drift.opened'), cell: ({ openedAt }) => time(openedAt) },
    { head: say('admin.drift.mode'), cell: ({ fix }) => say(fix ? 'admin.drift.fixes' : 'admin.drift.looks') },
    { head: say('admin.state'), cell: ({ state }) => say(state === 'done' ? 'admin.drift.done' : 'admin.drift.running') },
    number(say('admin.drift.compared'), ({ connections }) => connections),
    number(say('admin.drift.missing'), ({ missing }) => missing),
    number(say('admin.drift.extra'), ({ extra }) => extra),
    number(say('admin.drift.wrong-status'), ({ wrongStatus }) => wrongStatus),
    number(say('admin.drift.wrong-owner'), ({ wrongOwner }) => wrongOwner),
    number(say('admin.drift.duplicate'), ({ duplicate }) => duplicate),
    number(say('admin.drift.unproven'), ({ unproven }) => unproven),
    {
      head: say('admin.deeds'),
      cell: ({ id, openedAt }) => (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={say('admin.drift.show.of', { opened: time(openedAt) })}
          onClick={() => choose(id)}
        >
          {say('admin.drift.show')}
        </Button>
      ),
    },
  ];
}
