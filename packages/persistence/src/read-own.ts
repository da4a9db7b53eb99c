import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';
import pg, { type Pool, type QueryResultRow } from 'pg';
import { ownSession } from './session.js';
import { inOnePacket } from './travelling-begin.js';

/** A statement that is prepared once a connection, under its name. `text` has its parameters as `$1`, `$2` … */
export interface PreparedRead {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Reads rows of this user, and no others: one statement in a read-only transaction of the user's session, all in one round trip, without
 * the ORM. For the one question that is asked all the time; anything else is `asUsers` and the EntityManager.
 */
export async function readOwn<Row extends QueryResultRow>(em: EntityManager, userId: string, read: PreparedRead): Promise<Row[]> {
  const pool = (await (em.getConnection() as PostgreSqlConnection).getNativeClient()) as Pool;
  const settings = Object.entries(ownSession(em, [userId])).map((pair) => `set_config(${pair.map(pg.escapeLiteral).join(', ')}, true)`);
  const client = await pool.connect();
  try {
    // Held back by the connection and sent with what follows; neither is waited for.
    void client.query('start transaction read only');
    void client.query(`select ${settings.join(', ')}`);
    const { rows } = await inOnePacket(client, () => {
      const found = client.query<Row>({ ...read, values: [...read.values] });
      void client.query('commit');
      return found;
    });
    return rows;
  } finally {
    client.release();
  }
}
