import { Client } from 'pg';

/** Two transactions of the kind that `lockUsers` opens; by hand, since who waits for whom is what this is about. */
describe('when a user ends while news about them is written', () => {
  const open = async () => {
    const client = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL as string });
    await client.connect();
    await client.query('begin');
    return client;
  };
  const waiting = async (watcher: Client) => {
    const { rows } = await watcher.query<{ n: number }>(
      "select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
    );
    return rows[0]?.n;
  };
  it('takes its lock only when the writing has ended, while two writings hinder each other in nothing', async () => {
    const { lockSql } = await import('../dist/lock-users.js');
    const [first, second, end, watcher] = await Promise.all([open(), open(), open(), open()]);
    try {
      await first.query(lockSql('living'), [['ana', 'ben']]);
      await second.query(lockSql('living'), [['ben', 'cleo']]);
      const ended = end.query(lockSql('ending'), [['ben']]);
      while ((await waiting(watcher)) !== 1) await new Promise(setImmediate);
      await first.query('commit');
      expect(await waiting(watcher)).toBe(1);
      await second.query('commit');
      await ended;
      expect(await waiting(watcher)).toBe(0);
    } finally {
      await Promise.all([first, second, end, watcher].map((client) => client.end()));
    }
  });
});
