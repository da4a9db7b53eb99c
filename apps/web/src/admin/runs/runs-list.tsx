import type { AdminRun, OperatorAnswer, RunState } from '@gatehouse/contracts';
import { useGatehouse, useList } from '@gatehouse/react';
import { ForeignName, ListFrame } from '@gatehouse/react/parts';
import { Button, NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import type { WordId } from '../../words/index.js';
import { useSay } from '../../words/say.js';
import { type Act, ActDialog } from '../parts/act-dialog.js';
import { Age } from '../parts/age.js';
import { AnchorLink } from '../parts/anchor-link.js';
import { type Column, DataTable } from '../parts/data-table.js';
import { Section } from '../parts/section.js';
import { ADMIN } from '../parts/use-admin.js';
import { useNumbers } from '../parts/use-numbers.js';

const ROW = 56; // pixels
const LIVE: readonly { state: RunState; word: WordId }[] = [
  { state: 'running', word: 'admin.runs.running' },
  { state: 'queued', word: 'admin.runs.queued' },
  { state: 'delayed', word: 'admin.runs.delayed' },
  { state: 'parked', word: 'admin.runs.parked' },
];

/** Live runs in one state: whose, since when, what they wait for. Never what they were asked. */
export function RunsList() {
  const say = useSay();
  const { client } = useGatehouse();
  const [state, setState] = useState<string>('running');
  const [deed, setDeed] = useState<Act>();
  const list = useList<AdminRun>([...ADMIN, 'runs'], '/admin/agent-runner/runs/list', { query: { state } });
  const cancel = ({ id, userId }: AdminRun): Act => {
    const ask = (reason: string, dryRun: boolean) =>
      client.post<OperatorAnswer>(`/admin/agent-runner/runs/${id}/cancel`, { reason, dryRun });
    return {
      title: say('admin.runs.cancel.title'),
      word: say('admin.runs.cancel'),
      look: async (reason) => {
        const { touches } = await ask(reason, true);
        return { touches, says: say('admin.runs.cancel.look', { count: touches, user: userId }) };
      },
      act: async (reason) => say('admin.runs.cancel.done', { count: (await ask(reason, false)).touches }),
    };
  };
  const columns = useColumns((run) => setDeed(cancel(run)));
  return (
    <Section title={say('admin.runs.list')}>
      <NativeSelect
        size="md"
        label={say('admin.state')}
        value={state}
        onChange={({ currentTarget }) => setState(currentTarget.value)}
        data={LIVE.map((one) => ({ value: one.state, label: say(one.word) }))}
        style={{ alignSelf: 'start' }}
      />
      <ListFrame list={list} rowHeight={ROW} empty={<Text>{say('admin.runs.list.none')}</Text>}>
        {(rows) => <DataTable title={say('admin.runs.list')} hideTitle rows={rows} columns={columns} keyOf={({ id }) => id} />}
      </ListFrame>
      {list.readAt > 0 && <Age at={list.readAt} />}
      <ActDialog deed={deed} onClose={() => setDeed(undefined)} />
    </Section>
  );
}

function useColumns(onCancel: (run: AdminRun) => void): Column<AdminRun>[] {
  const say = useSay();
  const { count, time } = useNumbers();
  return [
    { head: say('admin.runs.created'), cell: ({ createdAt }) => time(createdAt) },
    {
      head: say('admin.user'),
      cell: ({ userId }) => (
        <AnchorLink to="/admin/users" search={{ user: userId }}>
          <ForeignName text={userId} maxWidth="12rem" />
        </AnchorLink>
      ),
    },
    { head: say('admin.runs.agent'), cell: ({ agent }) => agent },
    { head: say('admin.runs.waits-for'), cell: ({ waitingFor }) => waitingFor ?? say('admin.none') },
    { head: say('admin.runs.calls'), cell: ({ toolCalls }) => count(toolCalls), numeric: true },
    { head: say('admin.runs.tokens'), cell: ({ tokens }) => count(tokens), numeric: true },
    {
      head: say('admin.deeds'),
      cell: (run) => (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={say('admin.runs.cancel.of', { user: run.userId, created: time(run.createdAt) })}
          onClick={() => onCancel(run)}
        >
          {say('admin.runs.cancel')}
        </Button>
      ),
    },
  ];
}
