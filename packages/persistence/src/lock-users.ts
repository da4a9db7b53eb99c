import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';

const CLASS = 1_735_287_148;
const BUCKETS = 64;

/**
 * Lets the end of a user and news about them happen one after the other, in the open transaction and until it ends: who forgets users takes
 * `ending`, who writes rows for them if they are not forgotten takes `living`. Without it both can miss the other's uncommitted
 * row, and a deleted user's data stays. Locks are by bucket (64), so a batch takes few; only an end makes others of its bucket wait.
 */
export async function lockUsers(em: EntityManager, userIds: readonly string[], how: 'living' | 'ending'): Promise<void> {
  if (!em.isInTransaction()) throw new Error('lockUsers: without a transaction the lock would be gone at once');
  await em.getKysely().executeQuery(CompiledQuery.raw(lockSql(how), [[...new Set(userIds)]]));
}

/** Ascending, so that two batches never wait for each other. Its parameter is the list of ids. */
export const lockSql = (how: 'living' | 'ending'): string => `
  select ${how === 'ending' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared'}(${CLASS}, bucket) from (
    select distinct abs(hashtext(id) % ${BUCKETS}) as bucket from unnest($1::text[]) as t (id) order by 1) as b`;
