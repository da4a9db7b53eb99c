import { asSystem, smallints } from '@gatehouse/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { restoreHeaders, type StoredHeaders } from './bytes.js';
import { sourceOf } from './envelope.js';
import type { OutRecord } from './kafka/driver.js';
import type { Shard } from './shard-leases.js';

export interface Waiting {
  readonly shard: number;
  readonly seq: string;
  readonly topic: string;
  readonly key: string | null;
  readonly event_id: string;
  readonly trace: string | null;
  readonly extra: StoredHeaders | null;
  readonly body: string | null;
  /** As text: this connection does not parse timestamps. */
  readonly created_at: string;
}

const bigints = (values: readonly string[]): string => `{${values.join(',')}}`;

/** The rows of the outbox, as the relay sees them. */
export class OutboxQueue {
  constructor(private readonly em: EntityManager) {}

  /** The oldest rows of each shard, shard by shard: one sort over all shards would cost a hundred times as much. Keys with a stuck row wait. */
  read(shards: readonly Shard[], perShard: number): Promise<Waiting[]> {
    return this.system(async () => {
      const { rows } = await sql<Waiting>`select o.* from unnest(${smallints(shards.map(({ shard }) => shard))}::int2[]) as s(shard)
        cross join lateral (select shard, seq::text as seq, topic, key, event_id, trace, extra, body, created_at from outbox o
          where o.shard = s.shard and not exists (select from outbox_stuck k where k.shard = o.shard and k.key is not distinct from o.key)
          order by o.shard, o.seq limit ${perShard}) o`.execute(this.em.getKysely());
      return rows;
    });
  }

  /** Takes out what was acknowledged, from shards whose fence is still ours; the number of rows taken. */
  remove(rows: readonly Waiting[], shards: readonly Shard[]): Promise<number> {
    return this.system(async () => {
      const { numAffectedRows = 0n } = await sql`delete from outbox o
        using unnest(${smallints(rows.map(({ shard }) => shard))}::int2[], ${bigints(rows.map(({ seq }) => seq))}::bigint[]) as d(shard, seq),
          unnest(${smallints(shards.map(({ shard }) => shard))}::int2[], ${bigints(shards.map(({ fence }) => fence))}::bigint[]) as f(shard, fence),
          outbox_shard s
        where o.shard = d.shard and o.seq = d.seq and f.shard = d.shard and s.shard = f.shard and s.fence = f.fence`.execute(
        this.em.getKysely(),
      );
      return Number(numAffectedRows);
    });
  }

  /** Puts a row aside that the broker refuses for itself; later rows of its key stay where they are until an operator has dealt with it. */
  setAside({ shard, seq }: Waiting, error: string): Promise<void> {
    return this.system(async () => {
      await sql`with gone as (delete from outbox where shard = ${shard} and seq = ${seq}::bigint returning *)
        insert into outbox_stuck (shard, seq, topic, key, event_id, trace, extra, body, created_at, error)
        select shard, seq, topic, key, event_id, trace, extra, body, created_at, ${error} from gone`.execute(this.em.getKysely());
    });
  }

  private system<T>(work: () => Promise<T>): Promise<T> {
    return asSystem(this.em, () => this.em.transactional(work));
  }
}

/** The record of a row: CloudEvents headers from its columns, or, for dead letters, the headers that it carries. */
export function recordOf(row: Waiting, app: string): OutRecord {
  const { topic, key, body, extra } = row;
  return {
    topic,
    key: key !== null && extra?.dl_key_encoding !== undefined ? Buffer.from(key, 'base64') : key,
    value: body, // a dead letter's stays in base64 if it was no text: `dl_encoding` says so
    headers: extra ? restoreHeaders(extra) : cloudEvent(row, app),
  };
}

function cloudEvent({ topic, key, event_id, trace, created_at }: Waiting, app: string): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: event_id,
    ce_type: topic,
    ce_source: sourceOf(app),
    ce_subject: key ?? '',
    ce_time: new Date(created_at).toISOString(),
    'content-type': 'application/json',
    ...(trace !== null && { traceparent: trace }),
  };
}
