import { AsyncLocalStorage } from 'node:async_hooks';
import { smallints, texts, uuids } from '@gatehouse/persistence';
import type { EventSubscriber, TransactionEventArgs } from '@mikro-orm/core';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { alike } from './alike.js';
import type { StoredHeaders } from './bytes.js';
import type { AnyEvent } from './event.js';
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
const traces = new AsyncLocalStorage<readonly AnyEvent[]>();

/** Rows of this transaction; they are inserted when it commits and vanish with it. */
export function buffer(transaction: object, added: readonly OutboxRow[]): void {
  const rows = buffers.get(transaction);
  if (rows) for (const row of added) rows.push(row);
  else buffers.set(transaction, [...added]);
}

/** While `work` runs, events of these events' users are written with the trace of the event that caused them. */
export const withTraces = <T>(causes: readonly AnyEvent[], work: () => T): T => traces.run(causes, work);

/** The trace of the event that is being handled for a user, the last of several. */
export function causingTraces(): (user: string) => string | undefined {
  const causes = traces.getStore();
  if (!causes) return () => undefined;
  const byUser = new Map<string, string>();
  for (const { data, traceparent } of causes) if (traceparent) byUser.set(data.userId, traceparent);
  return (user) => byUser.get(user);
}

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

/** A column of the insert: one value for all rows, or an array with one for each. */
interface Column {
  readonly name: string;
  readonly array?: RawBuilder<unknown>;
  /** What is selected, if not the array's element as it is. */
  readonly value?: RawBuilder<unknown>;
}

async function insert(transaction: Transaction, rows: readonly OutboxRow[]): Promise<void> {
  const columns = columnsOf(rows);
  const arrays = columns.flatMap(({ array }) => (array ? [array] : []));
  const names = columns.map(({ name }) => sql.ref(name));
  const ofArrays = columns.filter(({ array }) => array).map(({ name }) => sql.ref(name));
  await sql`insert into outbox (${sql.join(names)}) select ${sql.join(columns.map(({ name, value }) => value ?? sql.ref(name)))}
    from unnest(${sql.join(arrays)}) with ordinality as r(${sql.join(ofArrays)}, n) order by n`.execute(transaction);
  wrote.add(transaction);
}

function columnsOf(rows: readonly OutboxRow[]): Column[] {
  const topic = alike(rows, (row) => row.topic);
  const columns: Column[] = [
    { name: 'shard', array: sql`${smallints(rows.map(({ key }) => shardOf(key ?? '')))}::int2[]` },
    { name: 'key', array: sql`${texts(rows.map(({ key }) => key))}::text[]` },
    { name: 'event_id', array: sql`${uuids(rows.map(({ eventId }) => eventId))}::uuid[]` },
    { name: 'body', array: sql`${texts(rows.map(({ body }) => body))}::text[]` },
  ];
  if (topic === undefined) columns.push({ name: 'topic', array: sql`${texts(rows.map((row) => row.topic))}::text[]` });
  else columns.push({ name: 'topic', value: sql`${topic}` });
  if (rows.some(({ trace }) => trace))
    columns.push({ name: 'trace', array: sql`${texts(rows.map(({ trace }) => trace ?? null))}::text[]` });
  if (rows.some(({ extra }) => extra)) {
    const extras = texts(rows.map(({ extra }) => (extra ? JSON.stringify(extra) : null)));
    columns.push({ name: 'extra', array: sql`${extras}::text[]`, value: sql`extra::jsonb` });
  }
  return columns;
}
