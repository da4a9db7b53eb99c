import type { AppName } from '@gatehouse/runtime';
import { log } from '@gatehouse/runtime';
import { type Migration, Migrator } from '@mikro-orm/migrations';
import { type EntitySchema, type EventSubscriber, type Options, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { releaseDeadConnections } from './dead-connections.js';
import { letBeginTravel } from './travelling-begin.js';

type Entity = EntitySchema | (abstract new (...args: never[]) => object);
export type MigrationClass = new (...args: ConstructorParameters<typeof Migration>) => Migration;

/** What an app stores: its tables and how they came about. One a process. */
export interface Database {
  app: AppName;
  /** The app's name in Postgres: `-` as `_`. Its roles are `<role>` (login), `<role>_app`, `<role>_system`, `<role>_owner`. */
  role: string;
  entities: Entity[];
  migrations: MigrationClass[];
  skipTables: (string | RegExp)[];
  skipSchemas: string[];
  subscribers: EventSubscriber[];
}

/**
 * Declares an app's database. `migrations` are classes, oldest first; the class's name is the migration's. `skipTables` and
 * `skipSchemas` have no entities: the comparison of entities and migrations leaves them alone.
 */
export function defineDatabase(o: {
  app: AppName;
  entities: Entity[];
  migrations: MigrationClass[];
  skipTables?: readonly (string | RegExp)[];
  skipSchemas?: readonly string[];
  subscribers?: EventSubscriber[];
}): Database {
  const { app, entities, migrations, skipTables = [], skipSchemas = [], subscribers = [] } = o;
  return { app, role: roleOf(app), entities, migrations, skipTables: [...skipTables], skipSchemas: [...skipSchemas], subscribers };
}

export const roleOf = (app: string): string => app.replaceAll('-', '_');

/** MikroORM's options for one connection address. */
export function ormOptions(database: Database, url: string, poolSize = 10): Options {
  const logger = log('database');
  return {
    driver: PostgreSqlDriver,
    clientUrl: url,
    entities: database.entities as EntitySchema[],
    subscribers: database.subscribers,
    extensions: [Migrator],
    migrations: { migrationsList: database.migrations, snapshot: false },
    // Functions are written by hand, in migrations.
    schemaGenerator: { skipTables: database.skipTables, ignoreSchema: database.skipSchemas, ignoreRoutines: true },
    pool: { min: 0, max: poolSize },
    driverOptions: {
      // Seen in pg_stat_activity; sessions take the names of their roles from it.
      application_name: database.role,
      connectionTimeoutMillis: 5000, // a full pool is an error, not a wait for ever
      statement_timeout: 4000,
      lock_timeout: 2000,
      idle_in_transaction_session_timeout: 15_000, // a stopped process frees its locks
      pipeline: true,
      onPoolCreated: (pool: Pool) => {
        releaseDeadConnections(pool);
        letBeginTravel(pool);
      },
    },
    colors: false,
    logger: (message) => logger.debug(message.split('\n', 1)[0]),
  };
}
