import { createHash } from 'node:crypto';
import { deadLetterTopic } from '@gatehouse/contracts';
import { texts, uuids } from '@gatehouse/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { type StoredHeaders, store, storeHeaders, textOf } from './bytes.js';
import type { Decoded, Failure } from './envelope.js';
import { buffer } from './outbox-buffer.js';

export type Dead = Decoded & { failure: Failure };

/** The same mistake gives the same fingerprint, whatever the event: for counting and for replaying together what one fix cures. */
export const fingerprintOf = (topic: string, { code, class: kind, reason }: Failure): string =>
  createHash('sha256')
    .update([topic, kind, code, reason.replaceAll(/\d+/g, '0')].join('\n'))
    .digest('hex')
    .slice(0, 16);

interface Bytes {
  text: string | null;
  encoding: 'base64' | undefined;
}

function keep(bytes: Buffer | null): Bytes {
  if (bytes === null) return { text: null, encoding: undefined };
  const text = textOf(bytes);
  return text === undefined ? { text: bytes.toString('base64'), encoding: 'base64' } : { text, encoding: undefined };
}

/** Headers as they came, and what is known about the death of the event. */
function headersOf(consumer: string, topic: string, dead: Dead, body: Bytes, key: Bytes, now: Date): StoredHeaders {
  const { failure, message } = dead;
  const told: Record<string, string> = {
    dl_reason: failure.reason,
    dl_class: failure.class === 'unknown' ? 'unclassified' : failure.class,
    dl_attempts: String(failure.attempts),
    dl_consumer: consumer,
    dl_topic: topic,
    dl_partition: String(message.partition),
    dl_offset: message.offset,
    dl_time: now.toISOString(),
    dl_fingerprint: fingerprintOf(topic, failure),
    ...(body.encoding && { dl_encoding: body.encoding }),
    ...(key.encoding && { dl_key_encoding: key.encoding }),
  };
  return { ...storeHeaders(message.headers), ...Object.fromEntries(Object.entries(told).map(([name, value]) => [name, store(value)])) };
}

/**
 * Writes dead letters in the open transaction: rows of the outbox for `<consumer>.dead-letters`, and rows that an operator lists and
 * replays. The caller has put their ids into the inbox, so each is written once.
 */
export async function writeDeadLetters(em: EntityManager, consumer: string, topic: string, list: readonly Dead[]): Promise<void> {
  const transaction = em.getTransactionContext() as object | undefined;
  if (!transaction || list.length === 0) return;
  const now = new Date();
  const rows = list.map((dead) => {
    const { message, failure, eventId } = dead;
    const body = keep(message.value);
    const key = keep(message.key);
    const extra = headersOf(consumer, topic, dead, body, key, now);
    buffer(transaction, [{ topic: deadLetterTopic(consumer), key: key.text, eventId, trace: undefined, extra, body: body.text }]);
    return { message, failure, eventId, body, key };
  });
  await sql`insert into dead_letter (consumer, event_id, topic, partition, record_offset, record_time, key, key_encoding, headers, body, encoding,
      code, reason, class, attempts, fingerprint)
    select 1, id, ${topic}, part::int, off::bigint, time::bigint, key, key_encoding, headers::jsonb, body, encoding, code, reason, class, attempts::int, fingerprint
    from unnest(${uuids(rows.map((row) => row.eventId))}::uuid[], ${texts(rows.map((row) => String(row.message.partition)))}::text[],
      ${texts(rows.map((row) => row.message.offset))}::text[], ${texts(rows.map((row) => row.message.timestamp))}::text[],
      ${texts(rows.map((row) => row.key.text))}::text[], ${texts(rows.map((row) => row.key.encoding ?? null))}::text[],
      ${texts(rows.map((row) => JSON.stringify(storeHeaders(row.message.headers))))}::text[], ${texts(rows.map((row) => row.body.text))}::text[],
      ${texts(rows.map((row) => row.body.encoding ?? null))}::text[], ${texts(rows.map((row) => row.failure.code))}::text[],
      ${texts(rows.map((row) => row.failure.reason))}::text[],
      ${texts(rows.map((row) => row.failure.class))}::text[], ${texts(rows.map((row) => String(row.failure.attempts)))}::text[],
      ${texts(rows.map((row) => fingerprintOf(topic, row.failure)))}::text[])
      as r(id, part, off, time, key, key_encoding, headers, body, encoding, code, reason, class, attempts, fingerprint)
    on conflict do nothing`.execute(em.getKysely());
}
