import { TOMBSTONE_DAYS } from '@gatehouse/messaging';
import type { Perishable } from '@gatehouse/persistence';
import { type RawBuilder, sql } from 'kysely';
import { config } from '../config.js';

/** A lane holds nothing that is not counted anew; one that rests only costs the recount. */
const LANE_DAYS = 1;

/** With its timeline, its journal and its approvals. Its checkpoints went a day after it ended (`ForgetThreads`). */
const withAllOfIt = (where: RawBuilder<unknown>, rows: number) => sql`
  with old as materialized (select id from run where ${where} order by finished_at limit ${rows}),
    events as (delete from run_event where run_id in (select id from old)),
    calls as (delete from tool_call where run_id in (select id from old)),
    approvals as (delete from approval where run_id in (select id from old))
  delete from run where id in (select id from old)`;

/**
 * The beginnings of chains: only rows that follow what was pruned before them without a gap, and the head says where the rest begins. Heads
 * are locked in the order in which all lock them. A row that a wrong clock made old waits for those before it.
 */
const beginnings = (where: RawBuilder<unknown>, rows: number) => sql`
  with old as materialized (select user_id, seq from decision where ${where} order by at, user_id, seq limit ${rows}),
    heads as materialized (select user_id, pruned_seq from decision_head where user_id in (select user_id from old) order by user_id for update),
    numbered as (select user_id, seq, row_number() over (partition by user_id order by seq) as n from old),
    gone as materialized (
      select user_id, max(seq) as seq from numbered join heads using (user_id) where seq - n = pruned_seq group by user_id),
    moved as (
      update decision_head h set pruned_seq = d.seq, pruned_hash = d.hash from gone join decision d using (user_id, seq) where h.user_id = d.user_id)
  delete from decision d using gone where d.user_id = gone.user_id and d.seq <= gone.seq`;

/** A run's decisions are not gone before the run is. */
const DECISION_DAYS = Math.max(config.DECISIONS_KEPT_DAYS, config.RUNS_KEPT_DAYS);

/** What goes by its age alone. */
export const past: Perishable[] = [
  { table: 'run', column: 'finished_at', days: config.RUNS_KEPT_DAYS, where: sql`not thread_kept`, statement: withAllOfIt, rows: 500 },
  { table: 'decision', column: 'at', days: DECISION_DAYS, statement: beginnings },
  { table: 'user_lane', column: 'last_served', days: LANE_DAYS, where: sql`ready = 0 and running = 0` },
  { table: 'user_tombstone', column: 'forgotten_at', days: TOMBSTONE_DAYS },
];
