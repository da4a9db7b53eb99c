import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

export const DRIFT_KINDS = ['missing', 'extra', 'wrong_owner', 'wrong_status', 'duplicate'] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];
const count = () => p.integer().default(0);

const report = defineEntity({
  name: 'DriftReport',
  indexes: [{ name: 'drift_report_opened', properties: ['openedAt'] }],
  uniques: [{ name: 'drift_report_period', properties: ['periodStart'] }],
  properties: {
    id: p.uuid().primary(),
    /** Of its cycle. */
    periodStart: p.datetime(),
    state: p.enum(['running', 'done'] as const).$type<'running' | 'done'>(),
    /** `schedule`, or the operator. */
    askedBy: p.string(),
    /** Whether what may be repaired is. */
    fix: p.boolean(),
    openedAt: p.datetime().defaultRaw('now()'),
    closedAt: p.datetime().nullable(),
    /** Active connections and accounts at Composio that were compared, and the questions that it took. */
    connections: count(),
    accounts: count(),
    calls: count(),
    /** Not in Composio's list, and not read directly either: too many, or the read failed. Nothing is said of them. */
    unproven: count(),
    missing: count(),
    extra: count(),
    wrongOwner: count(),
    wrongStatus: count(),
    duplicate: count(),
  },
});

/** What one reconciliation found, in numbers. */
export class DriftReport extends report.class {}
report.setClass(DriftReport);

const drift = defineEntity({
  name: 'Drift',
  ...ownRows('auditor'),
  indexes: [
    { name: 'drift_found', properties: ['foundAt'] },
    { name: 'drift_user', properties: ['userId'] },
  ],
  properties: {
    reportId: p.uuid().primary(),
    kind: p
      .enum([...DRIFT_KINDS])
      .$type<DriftKind>()
      .primary(),
    accountId: p.string().primary(),
    connectionId: p.uuid().nullable(),
    /** Whose connection it is, else whose account Composio says it is. Never the other user's of a wrong owner: that is not told here. */
    userId: p.string().nullable(),
    app: p.string(),
    says: p.string().length(500),
    foundAt: p.datetime().defaultRaw('now()'),
  },
});

/** One difference. A report keeps the first thousand of a kind; all are counted. */
export class Drift extends drift.class {}
drift.setClass(Drift);
