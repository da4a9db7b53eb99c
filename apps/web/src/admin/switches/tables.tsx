import { Button, Text } from '@mantine/core';
import { useSay } from '../../words/say.js';
import { DataTable } from '../parts/data-table.js';
import { useNumbers } from '../parts/use-numbers.js';
import type { lifted, Merged } from './merged.js';
import { nameOf, SCOPES } from './scope-words.js';

/** What is stopped now, by whom, why and since when. */
export function OpenTable({ rows, onLift }: { rows: readonly Merged[]; onLift: (one: Merged, name: string) => void }) {
  const say = useSay();
  const { time } = useNumbers();
  const name = (row: Merged) => nameOf(row, say('admin.switches.everything'));
  return (
    <DataTable
      title={say('admin.switches.open')}
      hideTitle
      rows={rows}
      columns={[
        { head: say('admin.switches.what'), cell: (row) => <bdi>{name(row)}</bdi> },
        { head: say('admin.switches.scope'), cell: ({ scope }) => say(SCOPES[scope]) },
        { head: say('admin.act.reason'), cell: ({ reason }) => <bdi>{reason}</bdi> },
        { head: say('admin.by'), cell: ({ setBy }) => <bdi>{setBy}</bdi> },
        { head: say('admin.switches.since'), cell: ({ setAt }) => time(setAt) },
        { head: say('admin.switches.where'), cell: (row) => <Where row={row} /> },
        {
          head: say('admin.deeds'),
          cell: (row) => (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={say('admin.switches.lift.of', { name: name(row) })}
              onClick={() => onLift(row, name(row))}
            >
              {say('admin.switches.lift')}
            </Button>
          ),
        },
      ]}
      keyOf={({ key }) => key}
    />
  );
}

function Where({ row: { ids, missing } }: { row: Merged }) {
  const say = useSay();
  return (
    <>
      <Text size="sm">{Object.keys(ids).join(', ')}</Text>
      {missing.map((keeper) => (
        <Text key={keeper} size="sm" fw={600}>
          ! {say('admin.switches.missing', { keeper })}
        </Text>
      ))}
    </>
  );
}

/** What was stopped once, at each keeper for itself. */
export function LiftedTable({ rows }: { rows: ReturnType<typeof lifted> }) {
  const say = useSay();
  const { time } = useNumbers();
  return (
    <DataTable
      title={say('admin.switches.over')}
      hideTitle
      rows={rows}
      columns={[
        { head: say('admin.switches.what'), cell: (row) => <bdi>{nameOf(row, say('admin.switches.everything'))}</bdi> },
        { head: say('admin.switches.where'), cell: ({ keeper }) => keeper },
        { head: say('admin.switches.since'), cell: ({ setAt }) => time(setAt) },
        { head: say('admin.switches.lifted'), cell: ({ liftedAt }) => time(liftedAt) },
        { head: say('admin.by'), cell: ({ liftedBy }) => <bdi>{liftedBy}</bdi> },
        { head: say('admin.act.reason'), cell: ({ liftReason }) => <bdi>{liftReason}</bdi> },
      ]}
      keyOf={({ id }) => id}
    />
  );
}
