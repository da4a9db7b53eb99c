import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { Client } from 'pg';
import { type Perishable, prune } from '../src/index.js';
import { startProbe } from './probe.js';

describe('rows that are past their time', () => {
  const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL as string });
  let em: EntityManager;
  beforeAll(async () => {
    ({ em } = await startProbe());
    await owner.connect();
    await owner.query('create table dust (at timestamptz not null, stays boolean not null default false)');
    await owner.query('create index dust_at on dust (at) where not stays');
    await owner.query('grant select, delete on dust to probe_system');
  });
  afterAll(() => owner.end());
  beforeEach(() => owner.query('truncate dust'));

  const dust: Perishable = { table: 'dust', column: 'at', days: 30, where: sql`not stays` };
  const fill = (count: number, days: number, stays = false) =>
    owner.query(`insert into dust select now() - make_interval(days => $2), $3 from generate_series(1, $1)`, [count, days, stays]);
  const left = async () => Number((await owner.query('select count(*) from dust')).rows[0].count);

  it('go, also more than one statement takes; those that are younger, or to stay, do not', async () => {
    await fill(12_000, 31);
    await fill(10, 29);
    await fill(10, 31, true);
    expect(await prune(em, [dust])).toBe(12_000);
    expect(await left()).toBe(20);
  });

  it('go once, by one of many who try', async () => {
    await fill(3000, 31);
    const counts = await Promise.all(Array.from({ length: 4 }, () => prune(em, [{ ...dust, rows: 1000 }])));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3000);
    expect(await left()).toBe(0);
  });

  it('are left to the next tick when the process stops', async () => {
    await fill(10, 31);
    expect(await prune(em, [dust], AbortSignal.abort())).toBe(0);
    expect(await left()).toBe(10);
  });

  it('are found by the index: a tick with nothing to do does not read 100,000 rows', async () => {
    await fill(100_000, 1);
    await owner.query('analyze dust');
    const reads = async () => {
      await owner.query('select pg_stat_force_next_flush()');
      return Number((await owner.query(`select seq_tup_read from pg_stat_user_tables where relname = 'dust'`)).rows[0].seq_tup_read);
    };
    const before = await reads();
    expect(await prune(em, [dust])).toBe(0);
    expect((await reads()) - before).toBeLessThan(1000);
  });
});
