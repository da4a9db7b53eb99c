import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { iso } from './letter.js';

/** Who acts, and why, in the operator's own words. Kept for good with what was done. */
export interface Operator {
  readonly by: string;
  readonly note?: string | undefined;
}

export type ActName = 'dead-letters replay' | 'dead-letters drop' | 'outbox retry' | 'outbox drop';

/** Something that an operator did to an event. `cause` is what was wrong with it at that time. */
export interface Act {
  readonly at: string;
  readonly by: string;
  readonly action: ActName;
  readonly eventId: string;
  readonly topic: string;
  readonly key: string | null;
  readonly cause: string;
  readonly note: string | null;
  readonly result: string;
}

/** Writes down an act in the transaction that does it. */
export async function record(em: EntityManager, { by, note }: Operator, act: Omit<Act, 'at' | 'by' | 'note'>): Promise<void> {
  await sql`insert into operator_act (by_whom, action, event_id, topic, key, cause, note, result)
    values (${by}, ${act.action}, ${act.eventId}, ${act.topic}, ${act.key}, ${act.cause}, ${note ?? null}, ${act.result})`.execute(
    em.getKysely(),
  );
}

/** Something else that an operator did: a run that was cancelled, say. Written down in the transaction that does it; needs `operatorDeeds`. */
export async function recordDeed(
  em: EntityManager,
  { by, note }: Operator,
  { action, subject, result }: { action: string; subject: string; result: string },
): Promise<void> {
  await sql`insert into operator_act (by_whom, action, subject, note, result) values (${by}, ${action}, ${subject}, ${note ?? null}, ${result})`.execute(
    em.getKysely(),
  );
}

/** What was done to this event, oldest first. */
export async function actsOn(em: EntityManager, eventId: string): Promise<Act[]> {
  const { rows } = await sql<Act>`select at, by_whom as by, action, event_id as "eventId", topic, key, cause, note, result
    from operator_act where event_id = ${eventId} order by id`.execute(em.getKysely());
  return rows.map((row) => ({ ...row, at: iso(row.at) }));
}
