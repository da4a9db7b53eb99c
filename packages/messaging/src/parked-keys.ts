import { asSystem, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { restoreHeaders, type StoredHeaders } from './bytes.js';
import type { Decoded } from './envelope.js';
import { CONSUMER, queueBehindParked } from './inbox.js';
import type { RawMessage } from './raw-message.js';
import { parkDelayMs } from './retry.js';

const LEASE = '30 seconds';
const BATCH = 100;

/** A parked key that this process may work on, until its lease ends. */
export interface ParkedKey {
  readonly topic: string;
  readonly key: string;
  readonly attempts: number;
  readonly fence: string;
}

interface EventRow {
  event_id: string;
  partition: number;
  record_offset: string;
  record_time: string;
  headers: StoredHeaders;
  body: Buffer | null;
  replay: boolean;
}

/** The front of a key's queue; `replayed` are the ids that died before and have another chance. */
export interface Queue {
  readonly messages: readonly RawMessage[];
  readonly replayed: ReadonlySet<string>;
}

/** Keys with an event that could not be handled yet. Offsets move on; later events of the key queue behind it, in order. */
@Injectable()
export class ParkedKeys {
  constructor(private readonly em: EntityManager) {}

  async park(topic: string, item: Decoded, error: string): Promise<void> {
    const key = item.event?.data.userId;
    if (key === undefined) throw new Error('only an event can be parked');
    await this.system(async () => {
      await sql`insert into parked_key (consumer, topic, key, not_before, attempts, last_error)
        values (${sql.lit(CONSUMER)}, ${topic}, ${key}, now() + ${parkDelayMs(1)} * interval '1 ms', 1, ${error})
        on conflict (consumer, topic, key) do update set attempts = parked_key.attempts`.execute(this.em.getKysely()); // held: it may be on its way out
      await queueBehindParked(this.em, topic, [item]);
    });
  }

  /** Leases keys that are due, by the database's clock. */
  async claim(owner: string, limit: number): Promise<ParkedKey[]> {
    return this.system(async () => {
      // Materialized: a plan that runs the search once a row would lease more than `limit`.
      const { rows } = await sql<ParkedKey>`with due as materialized (
          select consumer, topic, key from parked_key where consumer = ${sql.lit(CONSUMER)} and not_before <= now()
            and (lease_until is null or lease_until < now()) order by not_before limit ${limit} for update skip locked)
        update parked_key p set owner = ${owner}, lease_until = now() + ${sql.lit(LEASE)}::interval, fence = fence + 1
        from due where (p.consumer, p.topic, p.key) = (due.consumer, due.topic, due.key)
        returning p.topic, p.key, p.attempts, p.fence::text as fence`.execute(this.em.getKysely());
      return rows;
    });
  }

  async events({ topic, key }: ParkedKey): Promise<Queue> {
    return this.system(async () => {
      const { rows } =
        await sql<EventRow>`select event_id, partition, record_offset::text, record_time::text, headers, body, replay from parked_event
        where consumer = ${sql.lit(CONSUMER)} and topic = ${topic} and key = ${key} order by ord limit ${BATCH}`.execute(
          this.em.getKysely(),
        );
      const messages = rows.map((row) => ({
        partition: row.partition,
        offset: row.record_offset,
        key: Buffer.from(key, 'utf8'),
        value: row.body,
        headers: restoreHeaders(row.headers),
        timestamp: row.record_time,
      }));
      return { messages, replayed: new Set(rows.filter(({ replay }) => replay).map((row) => row.event_id)) };
    });
  }

  /** Locks the key in the open transaction; throws if another process has taken it over. */
  async hold(em: EntityManager, { topic, key, fence }: ParkedKey): Promise<void> {
    const { rows } = await sql`select from parked_key where consumer = ${sql.lit(CONSUMER)} and topic = ${topic} and key = ${key}
      and fence = ${fence}::bigint for update`.execute(em.getKysely());
    if (rows.length === 0) throw new LeaseLost();
  }

  /** Takes handled events out of the queue, in the open transaction. */
  async takeOut(em: EntityManager, items: readonly Decoded[]): Promise<void> {
    await sql`delete from parked_event where consumer = ${sql.lit(CONSUMER)}
      and event_id = any(${texts(items.map(({ eventId }) => eventId))}::text[]::uuid[])`.execute(em.getKysely());
  }

  /** The event at the head was tried in vain for the `attempts`th time: the wait doubles each time. */
  async postpone({ topic, key, fence }: ParkedKey, attempts: number, error: string): Promise<void> {
    await this.system(async () => {
      await sql`update parked_key set attempts = ${attempts}, not_before = now() + ${parkDelayMs(attempts)} * interval '1 ms',
        owner = null, lease_until = null, last_error = ${error}
        where consumer = ${sql.lit(CONSUMER)} and topic = ${topic} and key = ${key} and fence = ${fence}::bigint`.execute(
        this.em.getKysely(),
      );
    });
  }

  /** True when the queue is empty and the key parked no more. The lock comes first: a batch may be queueing one more event right now. */
  async release(parked: ParkedKey): Promise<boolean> {
    return this.system(async () => {
      await this.hold(this.em, parked);
      const { numAffectedRows = 0n } =
        await sql`delete from parked_key where consumer = ${sql.lit(CONSUMER)} and topic = ${parked.topic} and key = ${parked.key}
        and not exists (select from parked_event where consumer = ${sql.lit(CONSUMER)} and topic = ${parked.topic} and key = ${parked.key})`.execute(
          this.em.getKysely(),
        );
      return numAffectedRows > 0n;
    });
  }

  private system<T>(work: () => Promise<T>): Promise<T> {
    return asSystem(this.em, () => this.em.transactional(work));
  }
}

/** Another process owns this now: nothing more may be written here. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
