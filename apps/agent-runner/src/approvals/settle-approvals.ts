import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { type NewDecision, rowsOf } from '../decisions/decisions.js';

/** How what is open of an ended run's approvals ends. */
export interface Settlement {
  runId: string;
  state: 'expired' | 'cancelled';
}

/**
 * Ends what is still open of these runs' approvals, which the caller has locked, and writes that down together with `refusals`, all in one
 * statement. Comes last in its transaction, as `addDecisions`.
 */
export async function settleApprovals(em: EntityManager, ends: readonly Settlement[], refusals: readonly NewDecision[]): Promise<void> {
  const rows = JSON.stringify(ends.map(({ runId, state }) => ({ run_id: runId, state })));
  await sql`
    with settled as (
      update approval a set state = e.state from jsonb_to_recordset(${rows}::jsonb) as e(run_id uuid, state text)
      where a.run_id = e.run_id and a.state in ('waiting', 'approved')
      returning a.user_id, a.run_id, case e.state when 'expired' then 'approval.expired' else 'approval.withdrawn' end as kind,
        jsonb_build_object('approvalId', a.id, 'toolCallId', a.tool_call_id, 'tool', a.tool)::text as data
    )
    insert into decision (user_id, run_id, kind, data)
    select * from (select * from settled union all select * from (${rowsOf(refusals)}) refused) d order by d.user_id
  `.execute(em.getKysely());
}
