import { appName, type DriftFinding, type DriftKind, type DriftReportView } from '@gatehouse/contracts';
import { ForeignName } from '@gatehouse/react/parts';
import { Code, NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import type { WordId } from '../../words/index.js';
import { useSay } from '../../words/say.js';
import { AnchorLink } from '../parts/anchor-link.js';
import { type Column, DataTable } from '../parts/data-table.js';
import { Section } from '../parts/section.js';
import { Source } from '../parts/source.js';
import { useAdmin } from '../parts/use-admin.js';
import { useNumbers } from '../parts/use-numbers.js';

const KINDS: Readonly<Record<DriftKind, WordId>> = {
  missing: 'admin.drift.missing',
  extra: 'admin.drift.extra',
  wrong_status: 'admin.drift.wrong-status',
  wrong_owner: 'admin.drift.wrong-owner',
  duplicate: 'admin.drift.duplicate',
};
const SHOWN = 200;

/** What one comparison found, of one kind or of all. */
export function Findings({ id }: { id: string }) {
  const say = useSay();
  const { time } = useNumbers();
  const [kind, setKind] = useState('');
  const read = useAdmin<{ report: DriftReportView; findings: DriftFinding[] }>(
    `auditor/drift/${id}?limit=${SHOWN}${kind && `&kind=${kind}`}`,
  );
  const columns: Column<DriftFinding>[] = [
    { head: say('admin.drift.kind'), cell: (finding) => say(KINDS[finding.kind]) },
    { head: say('admin.app'), cell: ({ app }) => appName(app) },
    { head: say('admin.drift.account'), cell: ({ accountId }) => <Code>{accountId}</Code> },
    {
      head: say('admin.user'),
      cell: ({ userId }) =>
        userId ? (
          <AnchorLink to="/admin/users" search={{ user: userId }}>
            <ForeignName text={userId} maxWidth="12rem" />
          </AnchorLink>
        ) : (
          say('admin.none')
        ),
    },
    { head: say('admin.drift.says'), cell: ({ says }) => <bdi>{says}</bdi> },
  ];
  return (
    <Section title={say('admin.drift.findings', { opened: time(read.data?.report.openedAt) })}>
      <NativeSelect
        size="md"
        label={say('admin.drift.kind')}
        value={kind}
        onChange={({ currentTarget }) => setKind(currentTarget.value)}
        data={[
          { value: '', label: say('admin.drift.kinds.all') },
          ...Object.entries(KINDS).map(([value, word]) => ({ value, label: say(word) })),
        ]}
      />
      <Source read={read} name="auditor">
        {({ findings }) => (
          <>
            {findings.length === 0 && <Text>{say('admin.drift.no-findings')}</Text>}
            {findings.length > 0 && (
              <DataTable
                title={say('admin.drift.findings.table', { count: findings.length })}
                rows={findings}
                columns={columns}
                keyOf={({ kind: one, accountId }) => `${one} ${accountId}`}
              />
            )}
            {findings.length === SHOWN && <Text size="sm">{say('admin.drift.more', { count: SHOWN })}</Text>}
          </>
        )}
      </Source>
    </Section>
  );
}
