import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  APPS,
  type App,
  appEnv,
  DATA,
  freePort,
  freePortMap,
  LOCAL_PROJECT,
  localSecrets,
  migrationEnv,
  type Ports,
  Processes,
  postgresHome,
  ROOT,
  runInitSql,
  type Secrets,
  type Surroundings,
  startPostgres,
} from '@gatehouse/local';
import { importJWK, SignJWT } from 'jose';
import pg from 'pg';
import { until } from '../until.js';

const SERVICES = ['connections', 'agent-runner'] as const;
/** Nobody listens there: what happens is asked for over HTTP, and what is told stays in the outboxes. */
const NOBODY = '127.0.0.1:1';
/** The machine's own environment, and what takes a safeguard out (mutations.ts); no setting of ours. */
const machine = (): Record<string, string> =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_OPTIONS', 'GATEHOUSE_WITHOUT'].flatMap((name) =>
      process.env[name] ? [[name, process.env[name]]] : [],
    ),
  );

export interface Replica {
  readonly name: string;
  readonly url: string;
}

/** Postgres, the sandbox, connections and some agent-runners as processes: what a run needs, and no more. */
export class SmallSystem {
  private readonly pools = new Map<string, pg.Pool>();

  private constructor(
    readonly processes: Processes,
    private readonly ports: Ports,
    private readonly secrets: Secrets,
    private readonly adminUrl: string,
  ) {}

  static async start(onProcesses?: (processes: Processes) => void): Promise<SmallSystem> {
    const dataDir = join(DATA, `e2e-${randomUUID().slice(0, 8)}`);
    mkdirSync(dataDir, { recursive: true });
    const processes = await Processes.open(dataDir);
    onProcesses?.(processes);
    try {
      const secrets = localSecrets(dataDir);
      const ports = await freePortMap();
      const log = () => {};
      const options = { processes, port: ports.postgres, password: secrets.postgresPassword, log, durable: false };
      const { adminUrl } = await startPostgres(options);
      await runInitSql(adminUrl, secrets.databasePasswords);
      const system = new SmallSystem(processes, ports, secrets, adminUrl);
      await Promise.all([system.sandbox(), ...SERVICES.map((app) => system.migrate(app))]);
      return system;
    } catch (error) {
      await processes.close();
      throw error;
    }
  }

  get connectionsUrl(): string {
    return `http://127.0.0.1:${this.ports.connections}`;
  }

  /** Starts a process of this app and waits until it answers. */
  async service(app: App, name: string, env: Readonly<Record<string, string>> = {}): Promise<Replica> {
    const port = name === app ? this.ports[app] : await freePort();
    const cwd = join(ROOT, 'apps', app);
    const all = { ...machine(), ...appEnv(app, this.surroundings()), LOG_LEVEL: 'error', ...env, PORT: String(port) };
    const child = this.processes.spawn(name, process.execPath, [join(cwd, 'dist/src/main.js')], { env: all, cwd });
    const url = `http://127.0.0.1:${port}`;
    await until(`${name} answers`, async () => !child.exit && (await fetch(`${url}/livez`)).status < 500, 60);
    return { name, url };
  }

  /** A folder with these agents, for AGENTS_DIR. */
  agents(files: Readonly<Record<string, object>>): string {
    const path = join(this.processes.dataDir, 'agents');
    mkdirSync(path, { recursive: true });
    for (const [name, file] of Object.entries(files)) writeFileSync(join(path, `${name}.json`), JSON.stringify(file));
    return path;
  }

  /** Asks a service as the gateway does for a signed-in user. */
  async ask<T>(
    url: string,
    app: App,
    who: { userId: string; method?: string; path: string; body?: object },
  ): Promise<{ status: number; body: T }> {
    const { userId, method = 'GET', path, body } = who;
    const answer = await fetch(url + path, {
      method,
      headers: { 'x-gatehouse-identity': await this.token(app, userId), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as T };
  }

  /** Runs SQL as the administrator: policies do not apply to it. */
  async sql<Row extends pg.QueryResultRow = Record<string, never>>(
    app: (typeof SERVICES)[number],
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const url = new URL(this.adminUrl);
    url.pathname = `/${app.replace('-', '_')}`;
    let pool = this.pools.get(app);
    if (!pool) {
      pool = new pg.Pool({ connectionString: url.href, max: 2 });
      pool.on('error', () => {});
      this.pools.set(app, pool);
    }
    return (await pool.query<Row>(text, values)).rows;
  }

  /** The sandbox's control door. */
  async provider<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${this.ports.sandbox}/_emulator/${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the sandbox answers ${answer.status} to ${path}: ${(await answer.text()).slice(0, 300)}`);
    return (await answer.json()) as T;
  }

  /** `keepLogs`: something was found that somebody will want to look into. */
  async stop({ keepLogs = false } = {}): Promise<void> {
    const { dataDir } = this.processes;
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
    await this.processes.close();
    for (const path of keepLogs ? [] : new Set([postgresHome(dataDir), dataDir])) rmSync(path, { recursive: true, force: true });
  }

  private async token(app: App, userId: string): Promise<string> {
    const key = await importJWK({ ...this.secrets.internalKeys.gateway }, 'EdDSA');
    return new SignJWT({ kind: 'user', roles: [] })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'gatehouse-internal+jwt', kid: 'gateway' })
      .setIssuer('gateway')
      .setAudience(app)
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime('60s')
      .setJti(randomUUID())
      .sign(key);
  }

  private async sandbox(): Promise<void> {
    const { sandbox, smtp } = this.ports;
    const url = `http://127.0.0.1:${sandbox}`;
    const env = { ...machine(), NODE_ENV: 'test', LOG_LEVEL: 'warn', PORT: String(sandbox), SMTP_PORT: String(smtp), PUBLIC_URL: url };
    this.processes.spawn('sandbox', process.execPath, [join(ROOT, 'apps/sandbox/dist/src/main.js')], { env, rank: 1 });
    await until('the sandbox is ready', async () => (await fetch(`${url}/readyz`)).ok, 60);
  }

  private async migrate(app: (typeof SERVICES)[number]): Promise<void> {
    const { adminUrl, secrets, processes } = this;
    const env = { ...machine(), ...migrationEnv(app, { adminUrl, secrets }) };
    const child = processes.spawn(`migrate-${app}`, process.execPath, [join(ROOT, 'apps', app, 'dist/src/migrate.js')], { env });
    const { code } = await child.exited;
    if (code !== 0) throw new Error(`${app} could not be migrated (log: ${child.logFile})`);
    await processes.stop(child.name);
  }

  private surroundings(): Surroundings {
    const { ports, secrets, adminUrl } = this;
    const sandbox = `http://127.0.0.1:${ports.sandbox}`;
    const key = `emu_${LOCAL_PROJECT}`;
    return {
      adminUrl,
      brokers: NOBODY,
      secrets,
      urls: { ...(Object.fromEntries(APPS.map((app) => [app, `http://127.0.0.1:${ports[app]}`])) as Record<App, string>), sandbox },
      publicUrl: `http://localhost:${ports.gateway}`,
      composio: { apiKey: key, baseUrl: sandbox, webhookSecrets: secrets.webhookSecret, verifier: true },
      model: { apiKey: key, baseUrl: `${sandbox}/openai/v1` },
      smtpUrl: 'smtp://127.0.0.1:1',
    };
  }
}
