import { randomBytes } from 'node:crypto';
import { type App, appEnv, DATABASES, type DatabaseApp, isApp, variable } from '@gatehouse/local';
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import { createDatabase, dropDatabase, type TestDatabase } from './database.js';
import { type TestRun, testRun } from './test-run.js';

/** An address at which nobody listens: what a test did not ask for must fail at once, not reach something by chance. */
const NOBODY = 'http://127.0.0.1:1';
const PUBLIC_URL = 'http://localhost:3000';

/**
 * Gives a test file its surroundings, in `process.env` before any of its modules is loaded: a whole, valid environment for the app it lies
 * in; for `*.int.test.ts` also a database and a sandbox project of its own. Packages' tests get the database of an app called `probe`.
 */
export default class GatehouseEnvironment extends TestEnvironment {
  private readonly file: string;
  private database: TestDatabase | undefined;
  private adminUrl: string | undefined;
  private failed = false;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    this.file = context.testPath;
  }

  override async setup(): Promise<void> {
    await super.setup();
    const run = testRun();
    const [, kind = '', name = ''] = /\/(apps|packages)\/([^/]+)\//.exec(this.file) ?? [];
    const app = kind === 'apps' && isApp(name) ? name : undefined;
    if (run?.adminUrl && this.file.endsWith('.int.test.ts')) {
      this.adminUrl = run.adminUrl;
      await this.makeDatabase({ ...run, adminUrl: run.adminUrl }, kind, name);
    }
    Object.assign(this.global.process.env, environmentOf(app, run, this.database));
  }

  /** Jest calls it for each event of the file: a file in which something failed keeps its database. */
  handleTestEvent(event: Circus.Event): void {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.failed = true;
  }

  override async teardown(): Promise<void> {
    if (this.database && this.adminUrl && !this.failed) await dropDatabase(this.adminUrl, this.database.name);
    else if (this.database) process.stderr.write(`The database of the failed file is kept: ${this.database.name}\n`);
    await super.teardown();
  }

  private async makeDatabase(run: TestRun & { adminUrl: string }, kind: string, name: string): Promise<void> {
    if (kind === 'packages') this.database = await createDatabase(run, 'probe', this.file);
    else if (hasDatabase(name)) this.database = await createDatabase(run, name, this.file);
  }
}

const hasDatabase = (name: string): name is DatabaseApp => (DATABASES as readonly string[]).includes(name);

function environmentOf(app: App | undefined, run: TestRun | undefined, database: TestDatabase | undefined): Record<string, string> {
  const project = `t${randomBytes(6).toString('hex')}`;
  const sandbox = run?.sandboxUrl ?? NOBODY;
  const brokers = run?.brokers ?? '127.0.0.1:1';
  const common: Record<string, string> = {
    NODE_ENV: 'test',
    TELEMETRY_DISABLED: 'true',
    LOG_LEVEL: 'fatal',
    PUBLIC_URL,
    KAFKA_BROKERS: brokers,
    SANDBOX_URL: sandbox,
    SANDBOX_PROJECT: project,
    DATABASE_URL: database?.url ?? 'postgres://nobody@127.0.0.1:1/none',
    MIGRATION_DATABASE_URL: database?.ownerUrl ?? 'postgres://nobody@127.0.0.1:1/none',
    // A test that is about a budget sets its own.
    COMPOSIO_RUNS_CALLS_PER_MINUTE: '100000',
    COMPOSIO_INTERACTIVE_CALLS_PER_MINUTE: '100000',
    ...(run && { TEST_INTERNAL_KEYS: JSON.stringify(run.secrets.internalKeys) }),
  };
  if (!app || !run) return { ...common, PORT: '0' };
  const around = {
    adminUrl: run.adminUrl ?? 'postgres://nobody@127.0.0.1:1/none',
    brokers,
    secrets: run.secrets,
    urls: { ...nobodies, sandbox },
    publicUrl: PUBLIC_URL,
    composio: { baseUrl: sandbox, apiKey: `emu_${project}`, webhookSecrets: 'test-webhook-secret', verifier: true },
    model: { baseUrl: `${sandbox}/openai/v1`, apiKey: `emu_${project}` },
    smtpUrl: run.smtpUrl ?? 'smtp://127.0.0.1:1',
  };
  return {
    ...appEnv(app, around),
    ...common,
    PORT: '0',
    ...(database && app === 'identity' && { AUTH_DATABASE_URL: database.authUrl }),
    // Nothing happens by itself in a test: it moves the workers.
    SCHEDULE: 'off',
    RUNS_POLL_MS: '0',
    ...Object.fromEntries(Object.keys(nobodies).map((name) => [variable(name as App), NOBODY])),
  };
}

const nobodies: Record<App, string> = {
  identity: NOBODY,
  connections: NOBODY,
  'agent-runner': NOBODY,
  auditor: NOBODY,
  notifier: NOBODY,
  gateway: NOBODY,
};
