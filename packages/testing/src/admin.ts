import { EntityManager } from '@mikro-orm/postgresql';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { testRun } from './test-run.js';

/** The file's database as the administrator sees it: every row, whoever owns it. For arranging and looking, never for the code under test. */
export class AdminDatabase {
  private readonly pool = new Pool({ connectionString: adminUrl(), max: 2 });
  readonly kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: this.pool }) });

  /** Runs `work` with an EntityManager of its own over the app's entities, in one transaction. */
  async run<T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.kysely.transaction().execute(async (transaction) => {
      const fork = em.fork({ clear: true, useContext: false });
      fork.setTransactionContext(transaction);
      const result = await work(fork);
      await fork.flush();
      return result;
    });
  }

  close(): Promise<void> {
    return this.kysely.destroy();
  }
}

function adminUrl(): string {
  const run = testRun();
  if (!run?.adminUrl) throw new Error('this run has no database: name the file *.int.test.ts');
  const url = new URL(run.adminUrl);
  url.pathname = new URL(process.env.DATABASE_URL ?? '').pathname;
  return url.href;
}
