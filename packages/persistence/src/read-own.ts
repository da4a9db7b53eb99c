import type { EntityManager } from '@mikro-orm/postgresql';
import type { QueryResultRow } from 'pg';
import { sendAlone } from './one-trip.js';
import { ownSession } from './session.js';

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
  return sendAlone<Row>(em, ownSession(em, [userId]), { ...read, values: [...read.values] }, { readOnly: true });
}
