import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { variable } from './app-env.ts';
import { run } from './build.ts';
import { appDatabaseUrl, DATABASES } from './databases.ts';
import { command, Failure } from './failure.ts';
import { PORTS } from './ports.ts';
import { DATA, ROOT } from './root.ts';
import { localSecrets } from './secrets.ts';

// The operator's command line is a program of packages/messaging, which runs in a service's container too; here it is told where the
// databases of `npm start` are, unless somebody named others.
await command(async () => {
  const main = 'packages/messaging/dist/cli/main.js';
  if (!existsSync(join(ROOT, main))) throw new Failure('Nothing is built yet: "npm run build" does it, and "npm start" too.');
  return run('node', [main, ...process.argv.slice(2)], { ...gateway(), ...process.env, ...databases(process.env) });
});

function databases(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = DATABASES.map((app) => [app, variable(app).replace('_URL', '_DATABASE_URL')] as const);
  if (names.some(([, name]) => env[name] || env[`${name}_FILE`])) return {};
  if (!existsSync(join(DATA, 'secrets.json'))) return {}; // nothing was ever started here
  const { postgresPassword, databasePasswords } = localSecrets(DATA);
  // As for `npm start`: DATABASE_URL is an administrator's address here.
  const adminUrl = env.DATABASE_URL || `postgres://postgres:${encodeURIComponent(postgresPassword)}@127.0.0.1:${PORTS.postgres}/postgres`;
  return Object.fromEntries(names.map(([app, name]) => [name, appDatabaseUrl(adminUrl, app, databasePasswords)]));
}

/** The gateway of `npm start`, with its local operator key. */
function gateway(): Record<string, string> {
  if (!existsSync(join(DATA, 'secrets.json'))) return {};
  return { GATEHOUSE_URL: `http://127.0.0.1:${PORTS.gateway}`, GATEHOUSE_OPERATOR_KEY: localSecrets(DATA).operatorKey };
}
