import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { asSystem, asUsers, readOwn, unlessTaken } from '../src/index.js';
import { letBeginTravel } from '../src/travelling-begin.js';
import { Note, startProbe } from './probe.js';

const SELECT = 'select text from note order by text';

describe('a transaction whose begin travels with its first statement', () => {
  let probe: Awaited<ReturnType<typeof startProbe>>;
  const ana = `ana-${randomUUID()}`;
  const ben = `ben-${randomUUID()}`;

  beforeAll(async () => {
    probe = await startProbe({ pool: 2 });
    const rows = [ana, ben].map((userId) => ({ id: randomUUID(), userId, text: `of ${userId}` }));
    await asUsers(probe.em, [ana, ben], () => probe.em.insertMany(Note, rows));
  });

  /** A connection as the pool of an app makes it, and the statements that reached Postgres. */
  async function connection() {
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 1, ...({ pipeline: true } as object) });
    const sent: string[] = [];
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      client.query = ((...args: unknown[]) => {
        sent.push(String(args[0]));
        return query(...args);
      }) as never;
    });
    letBeginTravel(pool);
    const client = await pool.connect();
    return { pool, client, sent, close: () => Promise.resolve(client.release()).then(() => pool.end()) };
  }

  it('sends begin and settings together with it, and nothing for a transaction without one', async () => {
    const { client, sent, close } = await connection();
    await client.query('begin');
    await client.query("select set_config('a.b', '1', true)");
    expect(sent).toEqual([]);
    expect((await client.query("select current_setting('a.b') as it")).rows).toEqual([{ it: '1' }]);
    await client.query('commit');
    expect(sent).toEqual(["begin;select set_config('a.b', '1', true)", "select current_setting('a.b') as it", 'commit']);
    sent.length = 0;
    await client.query('begin');
    await client.query('rollback');
    expect(sent).toEqual([]);
    await close();
  });

  it('fails at its first statement with the error of its settings, runs nothing, and leaves the connection usable', async () => {
    const { client, close } = await connection();
    await client.query('begin');
    await client.query("select set_config('role', 'nobody_of_that_name', true)");
    await expect(client.query('create table must_not_be (id int)')).rejects.toThrow('role "nobody_of_that_name" does not exist');
    await client.query('rollback');
    expect((await client.query("select to_regclass('must_not_be') as it")).rows).toEqual([{ it: null }]);
    await close();
  });

  it('is over when the next one begins, also if nobody waited for its commit', async () => {
    const { client, close } = await connection();
    await client.query('start transaction read only');
    await client.query("select set_config('a.b', '1', true)");
    await client.query('select 1');
    await client.query('commit');
    await client.query('begin');
    expect((await client.query("select current_setting('a.b', true) as it, current_setting('transaction_read_only') as ro")).rows).toEqual([
      { it: '', ro: 'off' },
    ]);
    await client.query('rollback');
    await close();
  });

  it('commits what is written only when Postgres says so', async () => {
    const { em } = probe;
    const id = randomUUID();
    const insert = () => em.insertMany(Note, [{ id, userId: ana, text: 'once' }]);
    await asUsers(em, [ana], insert);
    await expect(asUsers(em, [ana], insert)).rejects.toMatchObject({ name: 'UniqueConstraintViolationException' });
    await asUsers(em, [ana], () => em.nativeDelete(Note, { id }));
  });

  describe('a read of one’s own rows in one round trip', () => {
    const read = (user: string) => readOwn<{ text: string }>(probe.em, user, { name: 'notes', text: SELECT, values: [] });

    it('sees them and no others, a hundred at once over two connections', async () => {
      const users = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? ana : i % 3 === 1 ? ben : 'somebody-else'));
      const found = await Promise.all(users.map(read));
      expect(found).toEqual(users.map((user) => (user === 'somebody-else' ? [] : [{ text: `of ${user}` }])));
    });

    it('writes nothing, and takes no list for a user', async () => {
      const deletion = { name: 'deletion', text: 'delete from note', values: [] };
      await expect(readOwn(probe.em, ana, deletion)).rejects.toThrow('read-only transaction');
      await expect(read(`${ana},${ben}`)).rejects.toThrow('no or bad user ids');
      expect(await asSystem(probe.em, () => probe.em.count(Note))).toBe(2);
    });

    it('quotes what a user id may hold', async () => {
      const odd = `o'quote\\${randomUUID()}`;
      await asUsers(probe.em, [odd], () => probe.em.insertMany(Note, [{ id: randomUUID(), userId: odd, text: 'odd' }]));
      expect(await read(odd)).toEqual([{ text: 'odd' }]);
      expect(await asUsers(probe.em, [odd], () => probe.em.nativeDelete(Note, {}))).toBe(1);
    });

    it('is an error when the connection dies, and the next one works', async () => {
      const end = { name: 'end', text: 'select pg_terminate_backend(pg_backend_pid())', values: [] };
      await expect(readOwn(probe.em, ana, end)).rejects.toThrow();
      expect(await read(ana)).toEqual([{ text: `of ${ana}` }]);
    });
  });

  describe('an insert whose rows are new as a rule', () => {
    const add = (id: string, careful: () => Promise<string>) =>
      asUsers(probe.em, [ana], () =>
        probe.em.transactional((em) =>
          unlessTaken(
            em,
            async () => {
              await sql`insert into note (id, user_id, text) values (${randomUUID()}, ${ana}, 'beside'), (${id}, ${ana}, 'new')`.execute(
                em.getKysely(),
              );
              return 'usual';
            },
            careful,
          ),
        ),
      );
    const texts = async () => (await asUsers(probe.em, [ana], () => probe.em.find(Note, { text: { $in: ['beside', 'new'] } }))).length;

    it('is done as a whole, or taken back and done with care; another error is an error', async () => {
      const id = randomUUID();
      expect(await add(id, async () => 'careful')).toBe('usual');
      expect(await texts()).toBe(2);
      expect(await add(id, async () => 'careful')).toBe('careful');
      expect(await texts()).toBe(2);
      await expect(add('no uuid', async () => 'careful')).rejects.toMatchObject({ code: '22P02' });
      await asUsers(probe.em, [ana], () => probe.em.nativeDelete(Note, { text: { $in: ['beside', 'new'] } }));
    });
  });
});
