import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';

const UNIQUE_VIOLATION = '23505';

/**
 * Runs `usual` in the open transaction; if a unique key refuses it, takes it back and runs `careful` instead. For an insert whose rows are
 * new as a rule: `on conflict`, which the rare repeat needs, makes Postgres work half as much again for every row.
 */
export async function unlessTaken<T>(em: EntityManager, usual: () => Promise<T>, careful: () => Promise<T>): Promise<T> {
  const db = em.getKysely();
  await sql`savepoint usual`.execute(db);
  try {
    return await usual();
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    await sql`rollback to savepoint usual`.execute(db);
    return careful();
  }
}
