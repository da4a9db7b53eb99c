import type { EntityManager } from '@mikro-orm/postgresql';
import { type RawBuilder, sql } from 'kysely';
import { asSystem } from './session.js';

const ROWS = 5000;
const LIMIT_MS = 1000;

/** Rows of a table whose time is over. */
export interface Perishable {
  readonly table: string;
  /** A time of the row; an index on it has to serve the search, with `where` as its condition if there is one. */
  readonly column: string;
  readonly days: number;
  /** The column counts milliseconds since 1970, where others are timestamps. */
  readonly inMilliseconds?: boolean;
  readonly where?: RawBuilder<unknown>;
  /** What names a row; `ctid` by itself. A key, where the system may read only some of the columns. */
  readonly key?: string;
  /** Takes the place of the deletion: one statement that ends with a `delete` of these rows. For rows that others belong to. */
  readonly statement?: (where: RawBuilder<unknown>, rows: number) => RawBuilder<unknown>;
  /** At most so many a statement; 5,000, fewer for rows that take others with them. */
  readonly rows?: number;
}

/**
 * Deletes them as the system, 5,000 rows a transaction, until none is left, a second has passed or `stop` aborts: a backlog is worked off
 * over many ticks and holds no lock for long. Replicas that prune the same table at once do no harm: one does it, the others pass.
 * Returns the number of rows.
 */
export async function prune(em: EntityManager, perishables: readonly Perishable[], stop?: AbortSignal): Promise<number> {
  let gone = 0;
  for (const one of perishables) gone += await pruneTable(em, one, stop);
  return gone;
}

async function pruneTable(em: EntityManager, one: Perishable, stop?: AbortSignal): Promise<number> {
  const { table, column, days, rows = ROWS, statement = plainly(one) } = one;
  const time = sql`now() - make_interval(days => ${days})`;
  const limit = one.inMilliseconds ? sql`(extract(epoch from ${time}) * 1000)::bigint` : time;
  const old = sql`${sql.ref(`${table}.${column}`)} < ${limit}`;
  const where = one.where ? sql`${old} and ${one.where}` : old;
  const until = performance.now() + LIMIT_MS;
  let gone = 0;
  while (!stop?.aborted) {
    const count = await asSystem(em, () => em.transactional((own) => batch(own, table, statement(where, rows))));
    gone += count;
    if (count < rows || performance.now() > until) break;
  }
  return gone;
}

async function batch(em: EntityManager, table: string, statement: RawBuilder<unknown>): Promise<number> {
  const db = em.getKysely();
  const lock = sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtextextended(${`prune ${table}`}, 0)) as mine`;
  if (!(await lock.execute(db)).rows[0]?.mine) return 0;
  return Number((await statement.execute(db)).numAffectedRows ?? 0n);
}

/** The condition stands twice: a row that somebody changed in between is looked at again before it goes. */
const plainly =
  ({ table, column, key = 'ctid' }: Perishable) =>
  (where: RawBuilder<unknown>, rows: number) =>
    sql`delete from ${sql.table(table)} where ${where} and ${sql.ref(key)} = any (array(
      select ${sql.ref(key)} from ${sql.table(table)} where ${where} order by ${sql.ref(column)} limit ${rows}))`;
