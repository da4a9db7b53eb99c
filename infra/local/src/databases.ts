import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Failure } from './failure.ts';
import { ROOT } from './root.ts';

/** Oldest server we accept: `uuidv7()` is Postgres 18's. */
const OLDEST = 18;

/** Passwords by role (`identity_owner` …). */
export type Passwords = Readonly<Record<string, string>>;

/** The roles of init.sql that log in, so need a password. */
export const LOGIN_ROLES = [
  ...['identity', 'connections', 'agent_runner', 'auditor', 'notifier'].flatMap((app) => [app, `${app}_owner`]),
  'identity_auth',
] as const;

export const DATABASES = ['identity', 'connections', 'agent-runner', 'auditor', 'notifier'] as const;
export type DatabaseApp = (typeof DATABASES)[number];

/** Makes roles and databases by infra/postgres/init.sql, as the administrator of `adminUrl`. Repeatable. */
export async function runInitSql(adminUrl: string, passwords: Passwords): Promise<void> {
  const script = readFileSync(join(ROOT, 'infra/postgres/init.sql'), 'utf8');
  await asAdmin(adminUrl, (client) => runPsql(client, script, passwords));
}

/** Runs a script in the two words of psql that ours use: `:'<role>_password'` is that role's password, `\gexec` runs each cell of the answer. */
export async function runPsql(client: pg.Client, script: string, passwords: Passwords): Promise<void> {
  const text = script.replace(/--.*$/gm, '').replace(/:'(\w+)'/g, (_, name: string) => {
    const value = passwords[name.replace(/_password$/, '')];
    if (value === undefined) throw new Failure(`init.sql asks for ${name}, which nobody gave.`);
    return client.escapeLiteral(value);
  });
  const parts = text.split('\\gexec');
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1) {
      await client.query(part);
      continue;
    }
    const last = await client.query({ text: part, rowMode: 'array' });
    const results = (Array.isArray(last) ? last : [last]) as pg.QueryArrayResult<string[]>[];
    for (const row of results.at(-1)?.rows ?? []) {
      for (const statement of row) await client.query(statement);
    }
  }
}

/** Opens a connection for `work`, with the errors of a person who typed the URL. */
export async function asAdmin<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // a server that goes away is told by the next query
  try {
    await client.connect();
  } catch (error) {
    throw new Failure(
      `Postgres at ${shown(adminUrl)} does not let us in: ${(error as Error).message || (error as { code?: string }).code}`,
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function mustBeUsable(adminUrl: string): Promise<void> {
  const version = await asAdmin(adminUrl, async (client) => {
    const { rows } = await client.query<{ n: string }>("select current_setting('server_version_num') as n");
    return Math.floor(Number(rows[0]?.n) / 10_000);
  });
  if (version < OLDEST) throw new Failure(`Postgres at ${shown(adminUrl)} is version ${version}; Gatehouse needs ${OLDEST} or newer.`);
}

/** The URL with another user, password and database; everything else (host, TLS settings) stays. */
export function databaseUrl(adminUrl: string, role: string, password: string, database: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  url.pathname = `/${database}`;
  return url.href;
}

/** The database an app connects to, as its login role. `role` names another of its roles: `owner`, or identity's `auth`. */
export function appDatabaseUrl(adminUrl: string, app: DatabaseApp, passwords: Passwords, role?: 'owner' | 'auth'): string {
  const database = app.replace('-', '_');
  const login = role ? `${database}_${role}` : database;
  return databaseUrl(adminUrl, login, passwords[login] ?? '', database);
}

/** A database URL that may be printed. */
export function shown(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
