import { randomBytes, randomUUID } from 'node:crypto';
import { shardOf } from '@gatehouse/messaging';
import { asSystem, asUsers, driftOf, missingRowSecurity, openOrm } from '@gatehouse/persistence';
import { startApp, type TestApp } from '@gatehouse/testing';
import { getMigrations } from 'better-auth/db/migration';
import { sql } from 'kysely';
import pg from 'pg';
import { AppModule } from '../src/app.module.js';
import { authOptions } from '../src/auth.js';
import { database, libraryTables } from '../src/database.js';
import { PurgeWorker } from '../src/purge.worker.js';
import { people } from './person.js';

describe('the database of identity', () => {
  let app: TestApp;
  const owner = new pg.Pool({ connectionString: process.env.MIGRATION_DATABASE_URL, max: 2 });
  const library = new pg.Pool({ connectionString: process.env.AUTH_DATABASE_URL, max: 2 });

  beforeAll(async () => {
    app = await startApp(AppModule);
  });
  afterAll(async () => {
    await app.close();
    await Promise.all([owner.end(), library.end()]);
  });

  it('is what the entities say, and no table with a user id lacks its policies', async () => {
    const orm = await openOrm(database, process.env.MIGRATION_DATABASE_URL ?? '');
    expect(await driftOf(orm)).toBe('');
    expect(await missingRowSecurity(orm)).toEqual([]);
    await orm.close();
  });

  it('is what the library wants: it would create and add nothing', async () => {
    const { toBeCreated, toBeAdded } = await getMigrations(authOptions(library, () => undefined));
    expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
  });

  it('gives the library’s role its own tables and no more than the trigger needs of the others', async () => {
    const { rows } = await owner.query(`select table_name as name, string_agg(lower(privilege_type), ' ' order by privilege_type) as rights
      from information_schema.role_table_grants where grantee = 'identity_auth' group by table_name order by table_name`);
    const all = 'delete insert select update';
    expect(Object.fromEntries(rows.map(({ name, rights }) => [name, rights]))).toEqual({
      ...Object.fromEntries([...libraryTables, 'sign_in_try'].map((name) => [name, all])),
      user_tombstone: 'insert select',
      outbox: 'insert',
    });
  });

  it('shows a signed-in user’s requests none of the library’s tables', async () => {
    const read = () => asUsers(app.em, ['ana'], () => app.em.transactional((em) => sql`select from "user"`.execute(em.getKysely())));
    await expect(read()).rejects.toThrow(/permission denied/);
  });

  it('puts a fact into the shard that the relay looks for it in', async () => {
    const keys = ['', 'ana', 'ü', '😀', ...Array.from({ length: 200 }, () => randomBytes(12).toString('base64'))];
    const { rows } = await owner.query('select key, shard_of(key) as shard from unnest($1::text[]) key', [keys]);
    expect(rows).toEqual(keys.map((key) => ({ key, shard: shardOf(key) })));
  });

  it('tells of no user whom it cannot keep: outbox and user are one transaction', async () => {
    const user = { userId: randomUUID(), email: `${randomUUID()}@product.test` };
    await owner.query('alter table outbox add constraint full_disk check (false) not valid');
    expect(await app.as({ kind: 'product', id: 'shop' }).post('/v1/users', user)).toMatchObject({
      status: 500,
      body: { code: 'internal' },
    });
    await owner.query('alter table outbox drop constraint full_disk');
    expect((await library.query('select from "user" where id = $1', [user.userId])).rowCount).toBe(0);
  });

  it('takes no id of a deleted user, whoever writes the row', async () => {
    const insert = 'insert into "user" (id, email, name, "emailVerified") values ($1, $2, $3, true)';
    const [id, email] = [randomUUID(), `${randomUUID()}@product.test`];
    await library.query(insert, [id, email, 'Ana']);
    await library.query('delete from "user" where id = $1', [id]);
    await expect(library.query(insert, [id, email, 'Ana'])).rejects.toMatchObject({ code: '23505' });
  });

  it('forgets a sign-up that was not proven in seven days, and tells nobody', async () => {
    const their = people(app);
    const [old, young] = [await their.signUp(), await their.signUp()];
    await library.query(`update "user" set "createdAt" = now() - interval '8 days' where email = $1`, [old.email]);
    await app.app.get(PurgeWorker).tick();
    const { rows } = await library.query('select email from "user" where email = any ($1)', [[old.email, young.email]]);
    expect(rows).toEqual([{ email: young.email }]);
    const told = await asSystem(app.em, () =>
      app.em.transactional((em) => sql`select from outbox where body like ${`%${old.email}%`}`.execute(em.getKysely())),
    );
    expect(told.rows).toEqual([]);
  });

  it('forgets sessions, mails’ links, counted tries and limits when their time is over', async () => {
    const [old, young] = ['1 minute', '-1 minute'];
    const { email } = await people(app).signUp();
    const { rows } = await library.query('select id from "user" where email = $1', [email]);
    const write = async (ago: string) => {
      const id = randomUUID();
      const values = [id, ago];
      await library.query(
        `insert into "session" (id, "expiresAt", token, "updatedAt", "userId") values ($1, now() - $2::interval, $1, now(), $3)`,
        [...values, rows[0].id],
      );
      await library.query(
        `insert into "verification" (id, identifier, value, "expiresAt") values ($1, $1, '', now() - $2::interval)`,
        values,
      );
      await library.query(`insert into "sign_in_try" values ($1, 1, now() - $2::interval)`, values);
      await library.query(
        `insert into "rateLimit" values ($1, $1, 1, (extract(epoch from now() - interval '1 day' - $2::interval) * 1000)::bigint)`,
        values,
      );
      return id;
    };
    const ids = [await write(old), await write(young)];
    await app.app.get(PurgeWorker).tick();
    for (const [table, key] of [
      ['session', 'id'],
      ['verification', 'id'],
      ['sign_in_try', 'key'],
      ['rateLimit', 'id'],
    ] as const) {
      const found = await library.query(`select "${key}" as id from "${table}" where "${key}" = any ($1)`, [ids]);
      expect({ table, rows: found.rows }).toEqual({ table, rows: [{ id: ids[1] }] });
    }
  });
});
