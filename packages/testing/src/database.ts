import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { asAdmin, type DatabaseApp, databaseUrl, migrationEnv, type Passwords, ROOT } from '@gatehouse/local';
import type { Client } from 'pg';
import type { TestRun } from './test-run.js';

/** The app of packages' own tests: it has roles like any other, and an empty database. */
const PROBE = 'probe';
const PROBE_PASSWORD = 'gatehouse-test';
const run = promisify(execFile);
const CLOSING_MS = 5000;

export interface TestDatabase {
  readonly name: string;
  /** As the login role. */
  readonly url: string;
  readonly ownerUrl: string;
  /** As identity's `identity_auth`; of no use elsewhere. */
  readonly authUrl: string;
}

/** Makes the database of one test file: a copy of the app's migrated template, or an empty one for `probe`. */
export async function createDatabase(
  testRun: TestRun & { adminUrl: string },
  app: DatabaseApp | 'probe',
  file: string,
): Promise<TestDatabase> {
  const role = app.replace('-', '_');
  const name = `test_${testRun.id}_${role}_${createHash('sha256').update(`${file}${process.hrtime.bigint()}`).digest('hex').slice(0, 8)}`;
  await asAdmin(testRun.adminUrl, async (admin) => {
    const template = app === PROBE ? await probeRoles(admin) : await migratedTemplate(admin, testRun, app);
    await admin.query(`create database ${name} owner ${role}_owner template ${template}`);
    await admin.query(`revoke connect, temporary on database ${name} from public`);
    await admin.query(`grant connect on database ${name} to ${role}${app === 'identity' ? ', identity_auth' : ''}`);
  });
  const passwords: Passwords = { ...testRun.secrets.databasePasswords, [PROBE]: PROBE_PASSWORD, [`${PROBE}_owner`]: PROBE_PASSWORD };
  const as = (login: string) => databaseUrl(testRun.adminUrl, login, passwords[login] ?? '', name);
  return { name, url: as(role), ownerUrl: as(`${role}_owner`), authUrl: as('identity_auth') };
}

/** Waits for the test's own connections to end: a connection that is cut while it is closing is an error that nobody hears, and ends Jest. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    const deadline = Date.now() + CLOSING_MS;
    for (;;) {
      const { rows } = await admin.query<{ open: number }>('select count(*)::int as open from pg_stat_activity where datname = $1', [name]);
      if (!rows[0]?.open || Date.now() > deadline) break;
      await new Promise((done) => setTimeout(done, 50));
    }
    await admin.query(`drop database if exists ${name} with (force)`);
  });
}

/** Drops all that a run left on a server which is not its own; failed files' databases stay, to be looked at. */
export async function dropDatabases({ adminUrl, id }: TestRun): Promise<void> {
  if (!adminUrl) return;
  await asAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>('select datname from pg_database where datname like $1', [`template_${id}_%`]);
    for (const { datname } of rows) await admin.query(`drop database if exists ${datname} with (force)`);
  });
}

/** The name of the app's template, migrated by its own `migrate` as its owner when the first file asks; others wait for it. */
async function migratedTemplate(
  admin: Client,
  { id, adminUrl, secrets }: TestRun & { adminUrl: string },
  app: DatabaseApp,
): Promise<string> {
  const role = app.replace('-', '_');
  const template = `template_${id}_${role}`;
  await admin.query('select pg_advisory_lock(727275, hashtext($1))', [template]);
  try {
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
    if (rowCount) return template;
    const raw = `${template}_raw`;
    await admin.query(`drop database if exists ${raw} with (force)`);
    await admin.query(`create database ${raw} owner ${role}_owner template template0`);
    const env = { ...process.env, ...migrationEnv(app, { adminUrl, secrets }) };
    env.MIGRATION_DATABASE_URL = databaseUrl(adminUrl, `${role}_owner`, secrets.databasePasswords[`${role}_owner`] ?? '', raw);
    await migrateBy(app, env);
    await admin.query(`alter database ${raw} rename to ${template}`);
    return template;
  } finally {
    await admin.query('select pg_advisory_unlock(727275, hashtext($1))', [template]);
  }
}

async function migrateBy(app: string, env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await run(process.execPath, [join(ROOT, 'apps', app, 'dist/src/migrate.js')], { env });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${app} cannot be migrated (is it built?): ${stderr.trim() || stdout.trim()}`);
  }
}

/** The roles of rls.md section 3 for an app that exists in tests only. */
async function probeRoles(admin: Client): Promise<string> {
  await admin.query('select pg_advisory_lock(727275, 1)');
  try {
    const { rowCount } = await admin.query(`select from pg_roles where rolname = '${PROBE}'`);
    if (rowCount) return 'template0';
    await admin.query(`begin;
      create role probe_owner login noinherit password '${PROBE_PASSWORD}';
      create role probe_app nologin noinherit;
      create role probe_system nologin noinherit;
      create role probe login noinherit password '${PROBE_PASSWORD}';
      grant probe_app, probe_system to probe with inherit false, set true;
      grant probe_system to probe_owner with inherit false, set true;
      commit`);
    return 'template0';
  } finally {
    await admin.query('select pg_advisory_unlock(727275, 1)');
  }
}
