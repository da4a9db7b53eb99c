import type { MessagingHealth } from '@gatehouse/contracts';
import { Text } from '@mantine/core';
import { useSay } from '../../words/say.js';
import { AdminPage } from '../parts/admin-page.js';
import { Age } from '../parts/age.js';
import { DataTable } from '../parts/data-table.js';
import { Figures } from '../parts/figures.js';
import { Section } from '../parts/section.js';
import { Source } from '../parts/source.js';
import { useAdmin } from '../parts/use-admin.js';
import { useNumbers } from '../parts/use-numbers.js';
import { TELLING } from './apps.js';

const COUNTED_TO = 10_000;

/** What waits between the apps: how far each is behind, and what it has not told yet. */
export function Messaging() {
  const say = useSay();
  return (
    <AdminPage title={say('admin.messaging')} lead={say('admin.messaging.lead')}>
      {TELLING.map((name) => (
        <AppMessaging key={name} name={name} />
      ))}
    </AdminPage>
  );
}

function AppMessaging({ name }: { name: string }) {
  const read = useAdmin<MessagingHealth>(`${name}/messaging`);
  return (
    <Section title={name}>
      <Source read={read} name={name}>
        {({ rows, lag, consumes }) => (
          <>
            <Rows rows={rows} />
            {consumes && <Lag lag={lag} />}
          </>
        )}
      </Source>
    </Section>
  );
}

function Rows({ rows }: Pick<MessagingHealth, 'rows'>) {
  const say = useSay();
  const { count, duration } = useNumbers();
  if (!rows) return <Text>{say('admin.messaging.no-rows')}</Text>;
  const many = (value: number) => (value >= COUNTED_TO ? say('admin.at-least', { count: value }) : count(value));
  return (
    <Figures
      figures={[
        { name: say('admin.messaging.outbox'), value: many(rows.outbox) },
        { name: say('admin.messaging.outbox-age'), value: rows.outbox ? duration(rows.outboxAgeSeconds) : say('admin.none') },
        { name: say('admin.messaging.stuck'), value: many(rows.stuck) },
        { name: say('admin.messaging.parked-keys'), value: many(rows.parkedKeys) },
        { name: say('admin.messaging.parked-events'), value: many(rows.parkedEvents) },
        { name: say('admin.letters'), value: many(rows.deadLetters) },
      ]}
    />
  );
}

function Lag({ lag }: Pick<MessagingHealth, 'lag'>) {
  const say = useSay();
  const { count, duration } = useNumbers();
  if (!lag) return <Text>{say('admin.messaging.no-lag')}</Text>;
  return (
    <>
      <DataTable
        title={say('admin.messaging.lag')}
        rows={lag.topics}
        columns={[
          { head: say('admin.topic'), cell: ({ topic }) => topic },
          { head: say('admin.messaging.behind'), cell: ({ events }) => count(events), numeric: true },
          {
            head: say('admin.messaging.age'),
            cell: ({ events, ageSeconds }) => (events ? duration(ageSeconds) : say('admin.none')),
            numeric: true,
          },
        ]}
        keyOf={({ topic }) => topic}
      />
      <Age at={lag.measuredAt} />
    </>
  );
}
