import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Decision } from './decision.entity.js';

export type DecisionKind =
  | `tool.${'allowed' | 'unattended' | 'asked' | 'refused' | 'done' | 'failed' | 'unknown' | 'forgotten' | 'confirmed'}`
  | `approval.${'approved' | 'edited' | 'rejected' | 'expired' | 'used' | 'withdrawn'}`
  | 'setting.changed'
  | 'run.refused';

export interface NewDecision {
  userId: string;
  runId?: string | null;
  kind: DecisionKind;
  /** Ids, names, codes and hashes: never arguments, results or a person's words. */
  data: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Appends to the chains of these users, in this order, in the transaction that decides. It keeps each chain's head locked until the
 * transaction ends, so it comes last: locks are taken in the order run, lane, head, and heads in the order of users.
 *
 * The chain, kept by a trigger, per user: `seq` counts from 1 without a gap, `prev` is the hash of the one before ('' for the first) and
 * `hash` the SHA-256, in hex, of these seven joined by line feeds: prev, user_id, seq, `at` in milliseconds since 1970, run_id or `-`,
 * kind, data. None but the last can hold a line feed. `chainHash` says it in SQL, `hashOfRow` here. A chain holds when that is true of every row
 * from `pruned_seq + 1` (whose `prev` is `pruned_hash`) to the head's `seq`, and the last row's hash is the head's.
 */
export async function addDecisions(em: EntityManager, decisions: readonly NewDecision[]): Promise<void> {
  if (!em.isInTransaction()) throw new Error('addDecisions: a decision is written in the transaction that decides');
  if (!decisions.length) return;
  await sql`insert into decision (user_id, run_id, kind, data) ${rowsOf(decisions)}`.execute(em.getKysely());
}

/** The rows to insert, as a query: for a statement that also does what was decided. */
export function rowsOf(decisions: readonly NewDecision[]) {
  const rows = decisions.map(({ userId, runId, kind, data }) => ({ user_id: userId, run_id: runId, kind, data: JSON.stringify(data) }));
  return sql`select d.user_id, d.run_id, d.kind, d.data
    from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (user_id text, run_id uuid, kind text, data text))
      with ordinality as d(user_id, run_id, kind, data, place)
    order by d.user_id, d.place`;
}

/** What `chainHash` says in SQL. */
export function hashOfRow({ prev, userId, seq, at, runId, kind, data }: Omit<Decision, 'hash'>): string {
  return createHash('sha256')
    .update([prev, userId, seq, at.getTime(), runId ?? '-', kind, data].join('\n'))
    .digest('hex');
}
