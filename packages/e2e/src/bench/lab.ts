import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  APPS,
  type App,
  appEnv,
  DATABASES,
  freePort,
  freePortMap,
  localSecrets,
  migrationEnv,
  type Ports,
  Processes,
  ROOT,
  runInitSql,
  type Secrets,
  type Surroundings,
  startKafka,
  startPostgres,
} from '@gatehouse/local';
import pg from 'pg';
import { until } from '../until.js';
import { Broker } from './broker.js';

type Child = ReturnType<Processes['spawn']>;
type RunningKafka = Awaited<ReturnType<typeof startKafka>>;
interface Extra {
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
}
/** The machine's own environment, without a setting of ours in it. */
const MACHINE = Object.fromEntries(
  ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
);

/** A broker and a durable database with nothing on them but what is measured, and the services as processes, started one by one. */
export class Lab {
  private readonly pools = new Map<string, pg.Pool>();

  private constructor(
    readonly processes: Processes,
    readonly adminUrl: string,
    readonly kafka: RunningKafka,
    readonly broker: Broker,
    readonly secrets: Secrets,
    readonly ports: Ports,
  ) {}

  static async start(dataDir: string, log: (line: string) => void, opened: (processes: Processes) => void): Promise<Lab> {
    rmSync(dataDir, { recursive: true, force: true });
    const processes = await Processes.open(dataDir);
    opened(processes);
    const secrets = localSecrets(dataDir);
    const ports = await freePortMap();
    const options = { processes, port: ports.postgres, password: secrets.postgresPassword, log };
    const kafka = startKafka({ processes, port: ports.kafka, controllerPort: ports.kafkaController, log });
    const { adminUrl } = await startPostgres(options);
    // When a row was committed is known to the microsecond then, without anything watching while it is measured.
    await once(adminUrl, 'alter system set track_commit_timestamp = on');
    await processes.stop('postgres');
    await startPostgres(options);
    await runInitSql(adminUrl, secrets.databasePasswords);
    await once(adminUrl, 'create database bench');
    const running = await kafka;
    const broker = await Broker.connect(running.brokers);
    await broker.makeTopics();
    const lab = new Lab(processes, adminUrl, running, broker, secrets, ports);
    for (const app of DATABASES) await lab.migrate(app);
    return lab;
  }

  databaseUrl(database: string): string {
    const url = new URL(this.adminUrl);
    url.pathname = `/${database}`;
    return url.href;
  }

  /** Runs SQL as the administrator: policies do not apply to it. */
  async sql<Row extends pg.QueryResultRow = Record<string, never>>(database: string, text: string, values: unknown[] = []): Promise<Row[]> {
    let pool = this.pools.get(database);
    if (!pool) {
      pool = new pg.Pool({ connectionString: this.databaseUrl(database), max: 8 });
      pool.on('error', () => {});
      this.pools.set(database, pool);
    }
    return (values.length ? await pool.query<Row>(text, values) : await pool.query<Row>(text)).rows;
  }

  /** Starts a service as `npm start` does; `ready` waits for /readyz. A second process of it needs a name, and a port in its `env`. */
  service(app: App, nodeOptions: readonly string[] = [], { name = app as string, env: more = {} }: Extra = {}): Child {
    const env = { ...MACHINE, ...appEnv(app, this.surroundings()), LOG_LEVEL: 'warn', SCHEDULE: 'off', ...more };
    const cwd = join(ROOT, 'apps', app);
    return this.processes.spawn(name, process.execPath, [...nodeOptions, join(cwd, 'dist/src/main.js')], { env, cwd });
  }

  async ready(app: App, port = this.ports[app]): Promise<void> {
    await until(`${app} is ready`, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, 60);
  }

  /** Composio, as a person can have it at home; gives back its address. */
  async sandbox(): Promise<string> {
    const [port, smtpPort] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const env = { ...MACHINE, NODE_ENV: 'test', LOG_LEVEL: 'warn', PORT: String(port), SMTP_PORT: String(smtpPort), PUBLIC_URL: url };
    this.processes.spawn('sandbox', process.execPath, [join(ROOT, 'apps/sandbox/dist/src/main.js')], { env });
    await until('the sandbox is ready', async () => (await fetch(`${url}/readyz`)).ok, 60);
    return url;
  }

  /** A program of this folder as a process; its settings are its argument. */
  side(name: string, file: string, settings: object): Child {
    const script = join(import.meta.dirname, 'sides', `${file}.js`);
    const env = { ...MACHINE, TELEMETRY_DISABLED: 'true' };
    return this.processes.spawn(name, process.execPath, [script, JSON.stringify(settings)], { env });
  }

  freePort = freePort;

  async stop(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
    await this.broker.close();
    await this.processes.close();
    await this.kafka.stop();
  }

  private async migrate(app: (typeof DATABASES)[number]): Promise<void> {
    const env = { ...MACHINE, ...migrationEnv(app, { adminUrl: this.adminUrl, secrets: this.secrets }) };
    const child = this.processes.spawn(`migrate-${app}`, process.execPath, [join(ROOT, 'apps', app, 'dist/src/migrate.js')], { env });
    const { code } = await child.exited;
    if (code !== 0) throw new Error(`${app} could not be migrated (log: ${child.logFile})`);
    await this.processes.stop(child.name);
  }

  private surroundings(): Surroundings {
    const { ports, secrets, adminUrl } = this;
    const nobody = 'http://127.0.0.1:1'; // no service asks it for anything that is measured
    return {
      adminUrl,
      brokers: this.kafka.brokers,
      secrets,
      urls: {
        ...(Object.fromEntries(APPS.map((app) => [app, `http://127.0.0.1:${ports[app]}`])) as Record<App, string>),
        sandbox: nobody,
      },
      publicUrl: `http://localhost:${ports.gateway}`,
      composio: { apiKey: 'emu_bench', baseUrl: nobody, webhookSecrets: secrets.webhookSecret, verifier: true },
      model: { apiKey: 'emu_bench', baseUrl: `${nobody}/openai/v1` },
      smtpUrl: 'smtp://127.0.0.1:1',
    };
  }
}

async function once(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}
