import { appDatabaseUrl, DATABASES, type DatabaseApp } from './databases.ts';
import { APPS, type App, type Secrets, sha256 } from './secrets.ts';

/** What an app has to know about the rest of a stack. */
export interface Surroundings {
  readonly adminUrl: string;
  readonly brokers: string;
  readonly secrets: Secrets;
  /** Where each app and the sandbox listens, without a slash at the end. */
  readonly urls: Readonly<Record<App | 'sandbox', string>>;
  /** What a browser types. */
  readonly publicUrl: string;
  readonly composio: { readonly baseUrl?: string; readonly apiKey: string; readonly webhookSecrets?: string; readonly verifier: boolean };
  readonly model: { readonly baseUrl?: string; readonly apiKey: string };
  readonly smtpUrl: string;
}

const SIBLINGS: Readonly<Record<App, readonly App[]>> = {
  gateway: ['identity', 'connections', 'agent-runner', 'auditor', 'notifier'],
  'agent-runner': ['connections'],
  identity: [],
  connections: [],
  auditor: [],
  notifier: [],
};

/** An app's own environment (design.md section 11); the machine's (PATH and so on) is not in it. */
export function appEnv(app: App, around: Surroundings): Record<string, string> {
  const { secrets, urls, publicUrl, brokers } = around;
  const env: Record<string, string> = {
    NODE_ENV: 'development',
    TELEMETRY_DISABLED: 'true',
    PORT: new URL(urls[app]).port,
    PUBLIC_URL: publicUrl,
    INTERNAL_KEY: JSON.stringify(secrets.internalKeys[app]),
    INTERNAL_PUBLIC_KEYS: JSON.stringify(secrets.internalPublicKeys),
    KAFKA_BROKERS: brokers,
    ...database(app, around),
    ...Object.fromEntries(SIBLINGS[app].map((sibling) => [variable(sibling), urls[sibling]])),
    ...special[app]?.(around),
  };
  return env;
}

/** `agent-runner` → `AGENT_RUNNER_URL`. */
export const variable = (app: App | 'sandbox') => `${app.replace('-', '_').toUpperCase()}_URL`;

const hasDatabase = (app: App): app is DatabaseApp => (DATABASES as readonly string[]).includes(app);

function database(app: App, { adminUrl, secrets: { databasePasswords } }: Surroundings): Record<string, string> {
  return hasDatabase(app) ? { DATABASE_URL: appDatabaseUrl(adminUrl, app, databasePasswords) } : {};
}

const composio = ({ composio: { baseUrl, apiKey } }: Surroundings): Record<string, string> => ({
  ...(baseUrl && { COMPOSIO_BASE_URL: baseUrl }),
  COMPOSIO_API_KEY: apiKey,
});
const mail = ({ smtpUrl }: Surroundings) => ({ SMTP_URL: smtpUrl });

const special: Partial<Record<App, (around: Surroundings) => Record<string, string>>> = {
  identity: (around) => ({
    ...mail(around),
    AUTH_SECRET: around.secrets.authSecret,
    AUTH_ISSUER: around.publicUrl,
    AUTH_AUDIENCE: 'gatehouse',
    AUTH_DATABASE_URL: appDatabaseUrl(around.adminUrl, 'identity', around.secrets.databasePasswords, 'auth'),
  }),
  connections: (around) => ({ ...composio(around), CONNECT_VERIFIER: String(around.composio.verifier) }),
  'agent-runner': (around) => ({
    ...composio(around),
    OPENAI_API_KEY: around.model.apiKey,
    ...(around.model.baseUrl && { OPENAI_BASE_URL: around.model.baseUrl }),
  }),
  auditor: (around) => ({
    ...composio(around),
    ...(around.composio.webhookSecrets && { COMPOSIO_WEBHOOK_SECRETS: around.composio.webhookSecrets }),
  }),
  notifier: mail,
  gateway: ({ secrets, publicUrl, urls }) => ({
    SESSION_KEYS: JSON.stringify(secrets.sessionKeys),
    AUTH_MODE: 'builtin',
    AUTH_ISSUER: publicUrl,
    AUTH_JWKS_URL: `${urls.identity}/auth/jwks`,
    AUTH_AUDIENCE: 'gatehouse',
    AUTH_TOKEN_TYPE: 'at+jwt',
    OPERATOR_KEY_HASHES: `local:${sha256(secrets.operatorKey)}`,
    PRODUCT_KEY_HASHES: `local:${sha256(secrets.productKey)}`,
  }),
};

/** What `migrate` of an app needs: its owner's database. */
export function migrationEnv(app: DatabaseApp, around: Pick<Surroundings, 'adminUrl' | 'secrets'>): Record<string, string> {
  return {
    TELEMETRY_DISABLED: 'true',
    MIGRATION_DATABASE_URL: appDatabaseUrl(around.adminUrl, app, around.secrets.databasePasswords, 'owner'),
  };
}

export const isApp = (name: string): name is App => (APPS as readonly string[]).includes(name);
