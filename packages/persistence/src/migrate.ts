import { readSettings } from '@gatehouse/runtime';
import { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { type Database, ormOptions } from './database.js';
import { migrationEnv } from './env.js';

const MIGRATION_TIMEOUT_MS = 10 * 60_000;
const MIGRATION_LOCK = 727_276;
export const MIGRATIONS_TABLE = 'mikro_orm_migrations';

/** MikroORM on that address, without the limits of requests; the caller closes it. For migrations and tests. */
export async function openOrm(database: Database, url: string): Promise<MikroORM> {
  const options = ormOptions(database, url, 2);
  return MikroORM.init({
    ...options,
    driverOptions: { ...options.driverOptions, statement_timeout: MIGRATION_TIMEOUT_MS, lock_timeout: 60_000 },
  });
}

/** Brings the database up to date as its owner; the names of the migrations that ran. Two at once: the second waits, then finds nothing to do. */
export async function applyMigrations(database: Database, ownerUrl: string): Promise<string[]> {
  const orm = await openOrm(database, ownerUrl);
  const lock = new Client({ connectionString: ownerUrl });
  try {
    await lock.connect();
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await orm.migrator.up();
    // Readiness compares the newest migration with what is there.
    await orm.em.getConnection().execute(`grant select on ${MIGRATIONS_TABLE} to ${database.role}_system`);
    return ran.map(({ name }) => name);
  } finally {
    await lock.end(); // gives the lock back
    await orm.close();
  }
}

/** What `migrate.ts` of an app does: runs its migrations through MIGRATION_DATABASE_URL, prints one line, exits 1 when one fails. */
export async function migrate(database: Database): Promise<void> {
  const { MIGRATION_DATABASE_URL } = readSettings(database.app, migrationEnv);
  try {
    const ran = await applyMigrations(database, MIGRATION_DATABASE_URL);
    process.stdout.write(`${database.app}: ${ran.length ? `migrated (${ran.join(', ')})` : 'nothing to migrate'}\n`);
  } catch (error) {
    process.stderr.write(`${database.app}: the migration failed and changed nothing: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
