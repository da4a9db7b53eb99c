import { smallints, texts, uuids } from '@gatehouse/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { alike } from './alike.js';
import { storeHeaders } from './bytes.js';
import type { Decoded } from './envelope.js';

/** One consumer a database, for now; the column keeps room for a second reader of the same topics. */
export const CONSUMER = 1;
export const OUTCOME = { done: 0, dead: 1 } as const;

/** Nothing may pass a parked key: this batch has to look whose keys are parked, and runs again. */
export class SomeKeyIsParked extends Error {
  override readonly name = 'SomeKeyIsParked';
}

/**
 * The usual case, in one statement: no event is a repeat and no key of the topic is parked. Writes these events down as handled, in the
 * open transaction; fails with a unique violation of the inbox or `SomeKeyIsParked` otherwise.
 */
export async function markAllHandled(em: EntityManager, topic: string, items: readonly Decoded[]): Promise<void> {
  const { rows } = await sql<{ parked: boolean }>`with marked as (${marking(items)})
    select exists (select from parked_key where consumer = ${sql.lit(CONSUMER)} and topic = ${topic}) as parked`.execute(em.getKysely());
  if (rows[0]?.parked) throw new SomeKeyIsParked();
}

/**
 * The same, passing over repeats; gives back which events are new. Of those that an operator `replayed`, a dead one is new once more, and
 * never one that is done.
 */
export async function markHandled(
  em: EntityManager,
  items: readonly Decoded[],
  replayed: ReadonlySet<string> = new Set(),
): Promise<(item: Decoded) => boolean> {
  if (items.length === 0) return () => false;
  const repeat = replayed.size === 0 ? sql`on conflict do nothing` : turnDead(replayed);
  const fresh = await sql<{ event_id: string }>`${marking(items)} ${repeat} returning event_id`.execute(em.getKysely());
  const ids = new Set(fresh.rows.map((row) => row.event_id));
  return ({ eventId }) => ids.has(eventId);
}

const turnDead = (replayed: ReadonlySet<string>) => sql`on conflict (consumer, event_day, event_id) do update set outcome = excluded.outcome
  where inbox.outcome = ${sql.lit(OUTCOME.dead)} and inbox.event_id = any(${uuids([...replayed])}::uuid[])`;

function marking(items: readonly Decoded[]) {
  const ids = uuids(items.map(({ eventId }) => eventId));
  const day = alike(items, ({ eventDay }) => eventDay);
  const isDead = alike(items, ({ failure }) => failure !== undefined);
  const into = sql`insert into inbox (consumer, event_id, event_day, outcome)`;
  // As a rule a batch is of one day and without a dead letter: one value is a third cheaper than a thousand.
  if (day !== undefined && isDead !== undefined)
    return sql`${into} select ${sql.lit(CONSUMER)}, id, ${day}::date, ${sql.lit(outcomeOf(isDead))} from unnest(${ids}::uuid[]) as id`;
  const days = texts(items.map(({ eventDay }) => eventDay));
  const outcomes = smallints(items.map(({ failure }) => outcomeOf(failure !== undefined)));
  return sql`${into} select ${sql.lit(CONSUMER)}, id, day::date, outcome
    from unnest(${ids}::uuid[], ${days}::text[], ${outcomes}::int2[]) as r(id, day, outcome)`;
}

const outcomeOf = (isDead: boolean): number => (isDead ? OUTCOME.dead : OUTCOME.done);

/** Which of these keys are parked; held until commit, so that the unparker cannot finish a key behind this batch's back. */
export async function parkedKeys(em: EntityManager, topic: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await sql<{ key: string }>`select key from parked_key
    where consumer = ${sql.lit(CONSUMER)} and topic = ${topic} and key = any(${texts(keys)}::text[]) for share`.execute(em.getKysely());
  return new Set(found.rows.map(({ key }) => key));
}

/** Queues events behind their parked keys, in this order. A redelivered one is there already. */
export async function queueBehindParked(em: EntityManager, topic: string, items: readonly Decoded[]): Promise<void> {
  if (items.length === 0) return;
  const messages = items.map(({ message }) => message);
  await sql`insert into parked_event (consumer, topic, key, event_id, partition, record_offset, record_time, headers, body)
    select ${sql.lit(CONSUMER)}, ${topic}, key, id, part::int, off::bigint, time::bigint, headers::jsonb, convert_to(body, 'UTF8')
    from unnest(${uuids(items.map(({ eventId }) => eventId))}::uuid[], ${texts(items.map(({ event }) => event?.data.userId ?? ''))}::text[],
      ${texts(messages.map(({ partition }) => String(partition)))}::text[], ${texts(messages.map(({ offset }) => offset))}::text[],
      ${texts(messages.map(({ timestamp }) => timestamp))}::text[], ${texts(messages.map(({ headers }) => JSON.stringify(storeHeaders(headers))))}::text[],
      ${texts(messages.map(({ value }) => value?.toString('utf8') ?? null))}::text[]) with ordinality as r(id, key, part, off, time, headers, body, n)
    order by n on conflict (consumer, event_id) do nothing`.execute(em.getKysely());
}
