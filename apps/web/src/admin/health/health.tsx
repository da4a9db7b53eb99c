import { appName, type ConnectionHealth } from '@gatehouse/contracts';
import { Text } from '@mantine/core';
import { useSay } from '../../words/say.js';
import { AdminPage } from '../parts/admin-page.js';
import { useNow } from '../parts/age.js';
import { AnchorLink } from '../parts/anchor-link.js';
import { type Column, DataTable } from '../parts/data-table.js';
import { Source } from '../parts/source.js';
import { useAdmin } from '../parts/use-admin.js';
import { useNumbers } from '../parts/use-numbers.js';
import { Breaks } from './breaks.js';
import { trendOf } from './days.js';

type AppHealth = ConnectionHealth['apps'][number];

/** How the connections of each app fare. */
export function Health() {
  const say = useSay();
  const read = useAdmin<ConnectionHealth>('connections/health');
  const columns = useColumns();
  return (
    <AdminPage title={say('admin.health')} lead={say('admin.health.lead')}>
      <Source read={read} name="connections" measuredAt={({ measuredAt }) => measuredAt}>
        {({ apps }) =>
          apps.length ? (
            <>
              <DataTable title={say('admin.health.table')} rows={apps} columns={columns} keyOf={({ app }) => app} />
              <Breaks apps={apps} />
            </>
          ) : (
            <Text>{say('admin.health.none')}</Text>
          )
        }
      </Source>
    </AdminPage>
  );
}

function useColumns(): Column<AppHealth>[] {
  const say = useSay();
  const { count, share, duration } = useNumbers();
  const now = useNow();
  const text = (head: string, cell: Column<AppHealth>['cell']): Column<AppHealth> => ({ head, cell });
  const number = (head: string, cell: Column<AppHealth>['cell']): Column<AppHealth> => ({ head, cell, numeric: true });
  return [
    text(say('admin.app'), ({ app }) => appName(app)),
    number(say('admin.health.active'), ({ active }) => count(active)),
    number(say('admin.health.broken'), ({ broken }) => count(broken)),
    number(say('admin.health.pending'), ({ pending }) => count(pending)),
    text(say('admin.health.breaks'), ({ breaks, broke }) => say('admin.health.trend', { broke, ...trendOf(breaks, now) })),
    number(say('admin.health.connected'), ({ attempted, finished }) => share(finished, attempted)),
    number(say('admin.health.repaired'), ({ broke, repaired }) => share(repaired, broke)),
    number(say('admin.health.repair-time'), ({ medianRepairSeconds }) => duration(medianRepairSeconds)),
    text(say('admin.health.oldest'), ({ oldestUnrepaired }) => <Oldest one={oldestUnrepaired} />),
  ];
}

function Oldest({ one }: { one: AppHealth['oldestUnrepaired'] }) {
  const say = useSay();
  const { time } = useNumbers();
  if (!one) return say('admin.none');
  return (
    <AnchorLink
      to="/admin/users"
      search={{ user: one.userId }}
      aria-label={say('admin.health.oldest.open', { user: one.userId, since: time(one.since) })}
    >
      {time(one.since)}
    </AnchorLink>
  );
}
