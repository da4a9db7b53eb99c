import type { RunsHealth } from '@gatehouse/contracts';
import { Text } from '@mantine/core';
import { useSay } from '../../words/say.js';
import { AdminPage } from '../parts/admin-page.js';
import { DataTable } from '../parts/data-table.js';
import { Figures } from '../parts/figures.js';
import { Section } from '../parts/section.js';
import { Source } from '../parts/source.js';
import { useAdmin } from '../parts/use-admin.js';
import { useNumbers } from '../parts/use-numbers.js';
import { RunsList } from './runs-list.js';

/** How runs fare as a whole, and each of those that are live. */
export function AdminRuns() {
  const say = useSay();
  const read = useAdmin<RunsHealth>('agent-runner/runs');
  return (
    <AdminPage title={say('admin.runs')} lead={say('admin.runs.lead')}>
      <Source read={read} name="agent-runner" measuredAt={({ measuredAt }) => measuredAt}>
        {(health) => (
          <>
            <Live health={health} />
            <Day health={health} />
          </>
        )}
      </Source>
      <RunsList />
    </AdminPage>
  );
}

function Live({ health: { live, oldestQueuedSeconds, parked } }: { health: RunsHealth }) {
  const say = useSay();
  const { count, duration } = useNumbers();
  return (
    <Section title={say('admin.runs.live')}>
      <Figures
        figures={[
          { name: say('admin.runs.queued'), value: count(live.queued) },
          { name: say('admin.runs.oldest'), value: oldestQueuedSeconds === null ? say('admin.none') : duration(oldestQueuedSeconds) },
          { name: say('admin.runs.delayed'), value: count(live.delayed) },
          { name: say('admin.runs.running'), value: count(live.running) },
          { name: say('admin.runs.parked'), value: count(live.parked) },
        ]}
      />
      {parked.length > 0 && (
        <DataTable
          title={say('admin.runs.parked-by')}
          rows={parked}
          columns={[
            { head: say('admin.runs.cause'), cell: ({ cause }) => cause },
            { head: say('admin.runs'), cell: (row) => count(row.count), numeric: true },
          ]}
          keyOf={({ cause }) => cause}
        />
      )}
    </Section>
  );
}

function Day({ health: { day } }: { health: RunsHealth }) {
  const say = useSay();
  const { count, duration, share } = useNumbers();
  const ended = day.completed + day.failed;
  return (
    <Section title={say('admin.runs.day')}>
      {ended + day.cancelled === 0 && <Text>{say('admin.runs.day.none')}</Text>}
      <Figures
        figures={[
          { name: say('admin.runs.success'), value: say('admin.runs.success.of', { share: share(day.completed, ended), ended }) },
          { name: say('admin.runs.cancelled'), value: count(day.cancelled) },
          { name: say('admin.runs.start'), value: duration(day.medianStartSeconds) },
          { name: say('admin.runs.median'), value: duration(day.medianSeconds) },
          { name: say('admin.runs.slow'), value: duration(day.slowSeconds) },
          { name: say('admin.runs.unknown'), value: count(day.unknownOutcomes) },
          { name: say('admin.runs.tokens'), value: count(day.tokens) },
        ]}
      />
      {day.errors.length > 0 && (
        <DataTable
          title={say('admin.runs.errors')}
          rows={day.errors}
          columns={[
            { head: say('admin.runs.code'), cell: ({ code }) => code },
            { head: say('admin.runs'), cell: (row) => count(row.count), numeric: true },
          ]}
          keyOf={({ code }) => code}
        />
      )}
    </Section>
  );
}
