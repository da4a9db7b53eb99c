import { smallints, texts, uuids } from '@gatehouse/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { storeHeaders } from './bytes.js';
import type { Decoded } from './envelope.js';

/** One consumer a database, for now; the column keeps room for a second reader of the same topics. */
export const CONSUMER = 1;
export const OUTCOME = { done: 0, dead: 1 } as const;

/**
 * Writes these events down as handled, in the open transaction, and gives back the ids that are new. `plain` is the fast form for the
 * usual case of no repeats: it fails with a unique violation of the inbox if there is one. `skipping` passes over repeats, save those that
 * an operator `replayed`: a dead one is new once more, and never one that is done.
 */
export async function markHandled(
  em: EntityManager,
  items: readonly Decoded[],
  mode: 'plain' | 'skipping',
  replayed: ReadonlySet<string> = new Set(),
): Promise<(item: Decoded) => boolean> {
  if (items.length === 0) return () => false;
  const ids = uuids(items.map(({ eventId }) => eventId));
  const days = texts(items.map(({ eventDay }) => eventDay));
  const outcomes = smallints(items.map(({ failure }) => (failure ? OUTCOME.dead : OUTCOME.done)));
  const rows = sql`select ${sql.lit(CONSUMER)}, id, day::date, outcome from unnest(${ids}::uuid[], ${days}::text[], ${outcomes}::int2[]) as r(id, day, outcome)`;
  const into = sql`insert into inbox (consumer, event_id, event_day, outcome) ${rows}`;
  if (mode === 'plain') {
    await into.execute(em.getKysely());
    return () => true;
  }
  const repeat = replayed.size === 0 ? sql`on conflict do nothing` : turnDead(replayed);
  const fresh = await sql<{ event_id: string }>`${into} ${repeat} returning event_id`.execute(em.getKysely());
  const ids_ = new Set(fresh.rows.map((row) => row.event_id));
  return ({ eventId }) => ids_.has(eventId);
}

const turnDead = (replayed: ReadonlySet<string>) => sql`on conflict (consumer, event_day, event_id) do update set outcome = excluded.outcome
  where inbox.outcome = ${sql.lit(OUTCOME.dead)} and inbox.event_id = any(${uuids([...replayed])}::uuid[])`;

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
