import { z } from 'zod';

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' });

/** What an app with a database reads. `MIGRATION_DATABASE_URL` is the owner's and is needed by `migrate` alone. */
export const databaseEnv = {
  DATABASE_URL: postgresUrl,
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  /** Connections a process may hold. */
  DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(10),
};

export const migrationEnv = { MIGRATION_DATABASE_URL: postgresUrl };
