import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Migration } from '@mikro-orm/migrations';
import { Client } from 'pg';
import { applyMigrations, defineDatabase, driftOf, grantsOf, missingRowSecurity, openOrm } from '../src/index.js';
import { database, Migration20261121000000_init, Note, startProbe } from './probe.js';

const ownerUrl = process.env.MIGRATION_DATABASE_URL ?? '';

const asOwner = <T>(work: (client: Client) => Promise<T>) => using(ownerUrl, work);

async function using<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

class Migration20261122000000_more extends Migration {
  override up(): void {
    this.addSql('create table more (id int primary key); grant insert, select (id) on more to probe_app');
  }
}
const second = { ...database, migrations: [...database.migrations, Migration20261122000000_more] };

/** The test database, as the administrator of this run's server. */
function adminUrl(): URL {
  const { adminUrl } = JSON.parse(readFileSync(process.env.TEST_RUN_FILE ?? '', 'utf8'));
  return Object.assign(new URL(adminUrl), { pathname: new URL(ownerUrl).pathname });
}

describe('before an app with a database works', () => {
  it('is not ready until its newest migration is there, and ready then', async () => {
    const older = defineDatabase({ app: 'probe' as never, entities: [Note], migrations: [] });
    const probe = await startProbe({ migrated: older });
    const early = await fetch(`${probe.url}/readyz`);
    expect(early.status).toBe(503);
    expect(await early.text()).toContain('waits for migration Migration20261121000000_init');
    await startProbe();
    expect((await fetch(`${probe.url}/readyz`)).status).toBe(200);
  });

  it('refuses a role that sees rows without a session: the owner, a superuser, and a login that inherits', async () => {
    await expect(startProbe({ url: ownerUrl })).rejects.toThrow('the role in DATABASE_URL owns tables');
    const admin = adminUrl();
    await expect(startProbe({ url: admin.href })).rejects.toThrow('is a superuser');
    const role = `probe_${randomUUID().replaceAll('-', '')}`;
    await using(admin.href, async (client) => {
      await client.query(`create role ${role} login password '${role}'`);
      await client.query(`grant probe_app, probe_system to ${role} with inherit true`);
      await client.query(`grant connect on database ${client.database} to ${role}`);
    });
    const url = Object.assign(new URL(admin), { username: role, password: role });
    await expect(startProbe({ url: url.href })).rejects.toThrow('inherits probe_app or probe_system');
    await using(admin.href, (client) => client.query(`drop owned by ${role}; drop role ${role}`));
  });
});

describe('what the migrations made', () => {
  it('is made once, when two replicas of a job run at once', async () => {
    const ran = await Promise.all([
      applyMigrations(second, ownerUrl),
      applyMigrations(second, ownerUrl),
      applyMigrations(second, ownerUrl),
    ]);
    expect(ran.flat()).toEqual(['Migration20261122000000_more']);
  });

  it('may be used by the roles of the app alone, and only so', async () => {
    const orm = await openOrm(database, ownerUrl);
    expect(await grantsOf(orm)).toEqual([
      'probe_app: more: insert, select(id)',
      'probe_app: note: delete, insert, select, update',
      'probe_system: mikro_orm_migrations: select',
      'probe_system: note: delete, insert, select, update',
    ]);
    await orm.close();
  });

  it('is what the entities say, with row-level security on every table of users', async () => {
    const orm = await openOrm({ ...database, skipTables: ['more'] }, ownerUrl);
    expect(database.migrations).toEqual([Migration20261121000000_init]);
    expect(await driftOf(orm)).toBe('');
    expect(await missingRowSecurity(orm)).toEqual([]);
    await orm.close();
  });

  it('is missed when it is changed behind our back', async () => {
    const orm = await openOrm({ ...database, skipTables: ['more'] }, ownerUrl);
    for (const [change, back] of [
      ['alter table note no force row level security', 'alter table note force row level security'],
      ['alter policy own_rows on note using (true)', ''],
      ['alter table note drop constraint valid_user', ''],
    ]) {
      await asOwner((client) => client.query(change ?? ''));
      const drift = await driftOf(orm);
      expect({ change, seen: drift !== '' }).toEqual({ change, seen: true });
      await asOwner((client) => client.query(back || drift));
      expect(await driftOf(orm)).toBe('');
    }
    await asOwner((client) => client.query('create table loose (user_id text)'));
    expect(await missingRowSecurity(orm)).toEqual(['loose']);
    await asOwner((client) => client.query('drop table loose'));
    await orm.close();
  });
});
