import { createHash } from 'node:crypto';
import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';
import type { RawBuilder } from 'kysely';
import pg, { type Pool, type PoolClient, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';
import { inOnePacket } from './travelling-begin.js';

export interface OneTrip {
  /** The commit is not waited for when it asks for that. */
  readonly readOnly?: boolean;
  /**
   * The answer does not wait for the disk (`synchronous_commit = off`). If Postgres itself crashes right after it, the transaction may be
   * lost; never one that came before a commit which did wait. For what may as well not have happened unless something follows it.
   */
  readonly unhurried?: boolean;
}

/**
 * One statement as a whole transaction of the session in force (`asUsers`, `asSystem`): begin, settings, statement and commit leave as one
 * packet. The statement is prepared once a connection, so its text must not vary. For those that decide and write all by themselves; it
 * throws inside an open transaction, where it would not belong to it.
 */
export async function inOneTrip<Row extends object>(em: EntityManager, query: RawBuilder<Row>, how: OneTrip = {}): Promise<Row[]> {
  const own = em.getContext() as EntityManager;
  if (own.isInTransaction()) throw new Error('inOneTrip: a transaction is open');
  const variables = own.getSessionContext()?.variables;
  if (!variables) throw new Error('inOneTrip: outside asUsers and asSystem');
  const { sql: text, parameters } = query.compile(own.getKysely());
  return sendAlone<Row>(own, variables as Record<string, string>, { name: nameOf(text), text, values: [...parameters] }, how);
}

const names = new Map<string, string>();

/** For a statement that is prepared once a connection. */
export function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('base64url');
  names.set(text, name);
  return name;
}

/** @internal */
export async function sendAlone<Row extends object>(
  em: EntityManager,
  variables: Readonly<Record<string, string>>,
  query: QueryConfig,
  { readOnly = false, unhurried = false }: OneTrip,
): Promise<Row[]> {
  const settings = Object.entries(unhurried ? { ...variables, synchronous_commit: 'off' } : variables);
  const calls = settings.map((pair) => `set_config(${pair.map(pg.escapeLiteral).join(', ')}, true)`);
  const pool = (await (em.getConnection() as PostgreSqlConnection).getNativeClient()) as Pool;
  const client = await pool.connect();
  try {
    // Held back by the connection and sent with what follows; neither is waited for.
    void client.query(readOnly ? 'start transaction read only' : 'begin');
    void client.query(`select ${calls.join(', ')}`);
    return await answered<Row>(client, query);
  } finally {
    client.release();
  }
}

async function answered<Row extends object>(client: PoolClient, query: QueryConfig): Promise<Row[]> {
  const [found, committed] = inOnePacket(client, () => [client.query<Row & QueryResultRow>(query), client.query('commit')] as const);
  const [answer, commit] = await Promise.allSettled([found, committed] as [
    Promise<QueryResult<Row & QueryResultRow>>,
    Promise<QueryResult>,
  ]);
  if (answer.status === 'rejected') throw answer.reason; // Postgres made a rollback of the commit
  if (commit.status === 'rejected') throw commit.reason;
  return answer.value.rows;
}
