import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appEnv, migrationEnv, type Surroundings } from './app-env.ts';
import { DATABASES } from './databases.ts';
import { command } from './failure.ts';
import { APPS, type App, localSecrets, type Secrets } from './secrets.ts';

/** What of an app's environment is secret, so goes into files of a volume that only this app mounts (`NAME_FILE` in docker-compose.yml). */
const SECRET = [
  'DATABASE_URL',
  'AUTH_DATABASE_URL',
  'INTERNAL_KEY',
  'INTERNAL_PUBLIC_KEYS',
  'AUTH_SECRET',
  'SESSION_KEYS',
  'OPERATOR_KEY_HASHES',
  'PRODUCT_KEY_HASHES',
];

// The `secrets` job of docker-compose.yml: makes all keys and passwords at the first start, and hands each service its own.
await command(async () => {
  const [target = '/secrets'] = process.argv.slice(2);
  mkdirSync(join(target, 'all'), { recursive: true });
  const secrets = localSecrets(join(target, 'all'));
  const around = surroundings(secrets);
  for (const app of APPS) {
    const env = appEnv(app, around);
    for (const name of SECRET) if (env[name]) put(join(target, app), name, env[name]);
  }
  for (const app of DATABASES)
    put(join(target, `migrate-${app}`), 'MIGRATION_DATABASE_URL', migrationEnv(app, around).MIGRATION_DATABASE_URL ?? '');
  put(join(target, 'postgres'), 'password', secrets.postgresPassword);
  const variables = Object.entries(secrets.databasePasswords).map(([role, password]) => `\\set ${role}_password '${password}'\n`);
  put(join(target, 'postgres'), 'passwords.psql', variables.join(''));
  process.stdout.write(`PRODUCT_KEY=${secrets.productKey}\nOPERATOR_KEY=${secrets.operatorKey}\n`);
});

function put(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text, { mode: 0o444 }); // read by the service's own user; the volume is what keeps others out
}

function surroundings(secrets: Secrets): Surroundings {
  const urls = Object.fromEntries([...APPS, 'sandbox' as const].map((app) => [app, `http://${app}:3000`])) as Record<
    App | 'sandbox',
    string
  >;
  return {
    adminUrl: `postgres://postgres:${secrets.postgresPassword}@postgres:5432/postgres`,
    brokers: 'kafka:9092',
    secrets,
    urls,
    publicUrl: 'http://localhost:3000',
    composio: { apiKey: 'unused', verifier: true },
    model: { apiKey: 'unused' },
    smtpUrl: 'smtp://sandbox:3025',
  };
}
