import { appName, type ConnectionHealth } from '@gatehouse/contracts';
import { Button, Group, NativeSelect, Skeleton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useIntl } from 'react-intl';
import { useSay } from '../../words/say.js';
import { useNow } from '../parts/age.js';
import { DataTable } from '../parts/data-table.js';
import { Section } from '../parts/section.js';
import { useNumbers } from '../parts/use-numbers.js';
import { CHART_HEIGHT } from './chart-height.js';
import { lastDays } from './days.js';

const DAYS = 30;
const BreaksChart = lazy(async () => ({ default: (await import('./breaks-chart.js')).BreaksChart }));

/** Breaks by day, of one app or of all, as a chart or as the same numbers in a table. */
export function Breaks({ apps }: { apps: ConnectionHealth['apps'] }) {
  const say = useSay();
  const { count } = useNumbers();
  const { formatDate } = useIntl();
  const [app, setApp] = useState('');
  const [asTable, setAsTable] = useState(false);
  const shown = apps.filter((one) => !app || one.app === app).flatMap(({ breaks }) => breaks);
  const days = lastDays(shown, { now: useNow(), days: DAYS });
  const title = say('admin.breaks.title', { app: app ? appName(app) : say('admin.breaks.all'), total: sum(days) });
  const dayName = (day: string) => formatDate(day, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <Section title={say('admin.breaks')}>
      <Group align="end" gap="sm">
        <NativeSelect
          size="md"
          label={say('admin.app')}
          value={app}
          onChange={({ currentTarget }) => setApp(currentTarget.value)}
          data={[{ value: '', label: say('admin.breaks.all') }, ...apps.map((one) => ({ value: one.app, label: appName(one.app) }))]}
        />
        <Button variant="default" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {say('admin.breaks.as-table')}
        </Button>
      </Group>
      {asTable ? (
        <DataTable
          title={title}
          rows={days.toReversed()}
          columns={[
            { head: say('admin.breaks.day'), cell: ({ day }) => dayName(day) },
            { head: say('admin.breaks'), cell: (row) => count(row.count), numeric: true },
          ]}
          keyOf={({ day }) => day}
        />
      ) : (
        <Suspense fallback={<Skeleton height={CHART_HEIGHT} />}>
          <BreaksChart title={title} series={say('admin.breaks')} days={days.map((one) => ({ day: dayName(one.day), count: one.count }))} />
        </Suspense>
      )}
    </Section>
  );
}

const sum = (days: readonly { count: number }[]): number => days.reduce((total, { count }) => total + count, 0);
