import { inOneTrip } from '@gatehouse/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Run } from './run.entity.js';

type Claimed = Pick<Run, 'id' | 'userId' | 'conversationId' | 'createdAt'>;

/**
 * Whether another run of its conversation goes before this one, which was just claimed: one that is running, or was asked for earlier and
 * is queued or put off. A parked one does not: its user may go on talking. Of two that were claimed at the same time the later claim
 * waits, so that not both do. `hold`: the one before cannot end before this transaction has; its end then sees who waits.
 */
export async function isBeaten(em: EntityManager, run: Claimed, { hold = false } = {}): Promise<boolean> {
  if (!run.conversationId) return false;
  const before = sql<{ id: string }>`
    select id from run
    where user_id = ${run.userId} and conversation_id = ${run.conversationId} and id <> ${run.id}
      and state in ('queued', 'delayed', 'running') and (
      (state = 'running' and claimed_at < (select claimed_at from run where id = ${run.id}))
      or (state in ('queued', 'delayed') and (created_at, id) < (${run.createdAt.toISOString()}::timestamptz, ${run.id}::uuid)))
    limit 1 ${hold ? sql`for share` : sql``}`;
  const rows = hold ? (await before.execute(em.getKysely())).rows : await inOneTrip(em, before, { readOnly: true });
  return rows.length > 0;
}

/** These ended or were parked: of each one's conversation the run that waits longest has its turn. */
export async function passTurns(em: EntityManager, runs: readonly Run[]): Promise<void> {
  const ids = JSON.stringify(runs.map(({ id }) => id));
  for (const { userId, conversationId } of runs) {
    if (!conversationId) continue;
    await sql`
      with next as (
        select id from run
        where user_id = ${userId} and conversation_id = ${conversationId} and state = 'delayed' and waiting_for = 'turn'
          and id not in (select jsonb_array_elements_text(${ids}::jsonb)::uuid)
        order by created_at, id limit 1 for update skip locked
      ), woken as (
        update run set state = 'queued', run_at = now(), waiting_for = null, deadline_at = now() + interval '24 hours'
        where id = (select id from next) returning user_id
      )
      update user_lane set ready = ready + 1 where user_id = (select user_id from woken)
    `.execute(em.getKysely());
  }
}
