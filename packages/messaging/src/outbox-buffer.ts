import { AsyncLocalStorage } from 'node:async_hooks';
import { smallints, texts, uuids } from '@gatehouse/persistence';
import type { EventSubscriber, TransactionEventArgs } from '@mikro-orm/core';
import { type Kysely, sql } from 'kysely';
import type { StoredHeaders } from './bytes.js';
import { shardOf } from './shard.js';

/** A row of the outbox before it is one. `extra` replaces the headers that the relay would make: dead letters carry foreign ones. */
export interface OutboxRow {
  readonly topic: string;
  readonly key: string | null;
  readonly eventId: string;
  readonly trace: string | undefined;
  readonly extra: StoredHeaders | undefined;
  readonly body: string | null;
}

type Transaction = Kysely<unknown>;
const buffers = new WeakMap<object, OutboxRow[]>();
const traces = new AsyncLocalStorage<ReadonlyMap<string, string>>();

/** Rows of this transaction; they are inserted when it commits and vanish with it. */
export function buffer(transaction: object, row: OutboxRow): void {
  const rows = buffers.get(transaction);
  if (rows) rows.push(row);
  else buffers.set(transaction, [row]);
}

/** While `work` runs, events of these users are written with the traces of the events that caused them. */
export const withTraces = <T>(traceByUser: ReadonlyMap<string, string>, work: () => T): T => traces.run(traceByUser, work);
export const traceFor = (user: string): string | undefined => traces.getStore()?.get(user);

/**
 * Writes a transaction's events as its last statement: all locks are held by then, so that the order of `seq` is the order of commits for
 * every key whose row was locked. No `returning`: the app may insert here and read nothing.
 */
export class OutboxWriter implements EventSubscriber {
  constructor(private readonly committed: () => void) {}

  async beforeTransactionCommit({ transaction }: TransactionEventArgs): Promise<void> {
    const rows = transaction ? buffers.get(transaction) : undefined;
    if (!transaction || !rows) return;
    buffers.delete(transaction);
    await insert(transaction as Transaction, rows);
  }

  async afterTransactionCommit({ transaction }: TransactionEventArgs): Promise<void> {
    if (transaction && wrote.delete(transaction)) this.committed();
  }
}

const wrote = new WeakSet<object>();

async function insert(transaction: Transaction, rows: readonly OutboxRow[]): Promise<void> {
  const plain = rows.every(({ trace, extra }) => trace === undefined && extra === undefined);
  const shards = smallints(rows.map(({ key }) => shardOf(key ?? '')));
  const topics = texts(rows.map(({ topic }) => topic));
  const keys = texts(rows.map(({ key }) => key));
  const ids = uuids(rows.map(({ eventId }) => eventId));
  const bodies = texts(rows.map(({ body }) => body));
  if (plain) {
    await sql`insert into outbox (shard, topic, key, event_id, body)
      select shard, topic, key, id, body from unnest(${shards}::int2[], ${topics}::text[], ${keys}::text[], ${ids}::uuid[], ${bodies}::text[])
        with ordinality as r(shard, topic, key, id, body, n) order by n`.execute(transaction);
  } else {
    const given = texts(rows.map(({ trace }) => trace ?? null));
    const extras = texts(rows.map(({ extra }) => (extra ? JSON.stringify(extra) : null)));
    await sql`insert into outbox (shard, topic, key, event_id, trace, extra, body)
      select shard, topic, key, id, trace, extra::jsonb, body
      from unnest(${shards}::int2[], ${topics}::text[], ${keys}::text[], ${ids}::uuid[], ${given}::text[], ${extras}::text[], ${bodies}::text[])
        with ordinality as r(shard, topic, key, id, trace, extra, body, n) order by n`.execute(transaction);
  }
  wrote.add(transaction);
}
