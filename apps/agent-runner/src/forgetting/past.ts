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

/** What goes by its age alone. */
export const past: Perishable[] = [
  { table: 'run', column: 'finished_at', days: config.RUNS_KEPT_DAYS, where: sql`not thread_kept`, statement: withAllOfIt, rows: 500 },
  { table: 'user_lane', column: 'last_served', days: LANE_DAYS, where: sql`ready = 0 and running = 0` },
  { table: 'user_tombstone', column: 'forgotten_at', days: TOMBSTONE_DAYS },
];
