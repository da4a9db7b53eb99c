import type { AuditHealth, OperatorAnswer } from '@gatehouse/contracts';
import { useGatehouse } from '@gatehouse/react';
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useSay } from '../../words/say.js';
import { type Act, ActDialog } from '../parts/act-dialog.js';
import { AdminPage } from '../parts/admin-page.js';
import { useNow } from '../parts/age.js';
import { DataTable } from '../parts/data-table.js';
import { Figures } from '../parts/figures.js';
import { Section } from '../parts/section.js';
import { Source } from '../parts/source.js';
import { useAdmin } from '../parts/use-admin.js';
import { useNumbers } from '../parts/use-numbers.js';
import { Held } from './held.js';

const MINUTE_MS = 60_000;

/** How the auditor fares, and what it holds back until a person has looked. */
export function Audit() {
  const say = useSay();
  const read = useAdmin<AuditHealth>('auditor/audit');
  return (
    <AdminPage title={say('admin.audit')} lead={say('admin.audit.lead')}>
      <Held />
      <Section title={say('admin.audit.sweep')}>
        <Source read={read} name="auditor">
          {(health) => <Sweep health={health} />}
        </Source>
        <SweepNow />
      </Section>
      {read.data && <Counts health={read.data} />}
    </AdminPage>
  );
}

function Sweep({ health: { lastSweep, uncheckedSeconds, calls, callsPerMinuteAtMost, startedAt } }: { health: AuditHealth }) {
  const say = useSay();
  const { count, duration, time, of } = useNumbers();
  const minutes = Math.max(1, (useNow() - new Date(startedAt).getTime()) / MINUTE_MS);
  const perMinute = calls.reduce((sum, one) => sum + one.count, 0) / minutes;
  return (
    <Figures
      figures={[
        { name: say('admin.audit.opened'), value: lastSweep ? time(lastSweep.openedAt) : say('admin.audit.never') },
        {
          name: say('admin.audit.closed'),
          value: lastSweep && !lastSweep.closedAt ? say('admin.audit.under-way') : time(lastSweep?.closedAt),
        },
        { name: say('admin.audit.shards'), value: lastSweep ? of(lastSweep.shardsDone, lastSweep.shards) : count(null) },
        { name: say('admin.audit.unchecked'), value: duration(uncheckedSeconds) },
        { name: say('admin.audit.calls'), value: of(Math.ceil(perMinute), callsPerMinuteAtMost) },
      ]}
    />
  );
}

/** The two counts of the process that answered. */
function Counts({ health: { calls, webhooks, startedAt } }: { health: AuditHealth }) {
  const say = useSay();
  const { count, time } = useNumbers();
  const number = { head: say('admin.count'), numeric: true };
  return (
    <Section title={say('admin.audit.counts')} lead={say('admin.audit.since', { since: time(startedAt) })}>
      {calls.length + webhooks.length === 0 && <Text>{say('admin.none')}</Text>}
      {calls.length > 0 && (
        <DataTable
          title={say('admin.audit.by-work')}
          rows={calls}
          columns={[
            { head: say('admin.audit.work'), cell: ({ work }) => work },
            { ...number, cell: (row) => count(row.count) },
          ]}
          keyOf={({ work }) => work}
        />
      )}
      {webhooks.length > 0 && (
        <DataTable
          title={say('admin.audit.webhooks')}
          rows={webhooks}
          columns={[
            { head: say('admin.audit.outcome'), cell: ({ outcome }) => outcome },
            { ...number, cell: (row) => count(row.count) },
          ]}
          keyOf={({ outcome }) => outcome}
        />
      )}
    </Section>
  );
}

function SweepNow() {
  const say = useSay();
  const { client } = useGatehouse();
  const [deed, setDeed] = useState<Act>();
  const ask = (reason: string, dryRun: boolean) => client.post<OperatorAnswer>('/admin/auditor/sweep', { reason, dryRun });
  const act: Act = {
    title: say('admin.audit.now'),
    word: say('admin.audit.now'),
    evenForNone: true,
    look: async (reason) => {
      const { touches } = await ask(reason, true);
      return { touches: 0, says: say('admin.audit.now.look', { count: touches }) };
    },
    act: async (reason) => {
      await ask(reason, false);
      return say('admin.audit.now.done');
    },
  };
  return (
    <>
      <Button variant="default" onClick={() => setDeed(act)} style={{ alignSelf: 'start' }}>
        {say('admin.audit.now')}
      </Button>
      <ActDialog deed={deed} onClose={() => setDeed(undefined)} />
    </>
  );
}
