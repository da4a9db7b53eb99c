import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Surroundings } from './app-env.ts';
import { runInitSql } from './databases.ts';
import { Failure } from './failure.ts';
import { database, kafka, type Servers } from './outside.ts';
import { freePort, freePortMap, mustBeFree, type Ports } from './ports.ts';
import { type Child, Processes } from './processes.ts';
import { APPS, type App, localSecrets, type Secrets } from './secrets.ts';
import { migrateAll, ready, startApp, startSandboxApp } from './services.ts';
import { tuning } from './settings.ts';
import { type Between, LOCAL_PROJECT, surroundings } from './surroundings.ts';
import { createTopics } from './topics.ts';

const NEEDED_MB = 500;

export interface StackOptions {
  /** Database, broker data, logs, secrets. Survives, so that a later stack goes on with it. */
  readonly dataDir: string;
  readonly ports: Ports | 'free';
  /** Processes of each app (1). Further ones are named `connections-2` and so on. */
  readonly replicas?: number;
  /**
   * Settings for all services, by the names of design.md section 11. DATABASE_URL (an administrator's), KAFKA_BROKERS, COMPOSIO_API_KEY,
   * OPENAI_API_KEY and SMTP_URL replace the local part each.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly log: (line: string) => void;
  /** Runs beside the start of broker and database: the build. */
  readonly prepare?: () => Promise<void>;
  /** False: a crash of the machine may lose data. For tests. */
  readonly durable?: boolean;
  /** Removes what an earlier stack left in the folder, after ending its processes. */
  readonly fresh?: boolean;
  /** Somebody who stands between the services and what they lean on. The stack's own `adminUrl`, `brokers` and `urls` lead past it. */
  readonly between?: Between;
  /** Further environment of a single process, by its name. */
  readonly envOf?: (name: string) => Readonly<Record<string, string>>;
  /** Called once, early, with what owns the processes: for a person who stops a stack that is still starting. */
  readonly onProcesses?: (processes: Processes) => void;
}

export interface Stack {
  /** By name: `gateway`, `connections`, `connections-2`, `sandbox` … */
  readonly urls: Readonly<Record<string, string>>;
  readonly publicUrl: string;
  readonly brokers: string;
  readonly adminUrl: string;
  readonly secrets: Secrets;
  readonly processes: Processes;
  /** What is real and what is sandbox, for a person. */
  readonly real: readonly string[];
  readonly sandboxed: readonly string[];
  /** Sends a signal as a fault would, SIGKILL if nothing else is said. Nothing starts it again but `restart`. */
  kill(name: string, signal?: NodeJS.Signals): void;
  /** Starts a process again with what it had before, stopping it first if it lives, and waits until it is ready. */
  restart(name: string): Promise<void>;
  /** Starts one more process of an app and says its name. */
  add(app: App): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the whole system, each service as a process of its own, as in production. When a part fails, all that was started is stopped. */
export async function startStack(options: StackOptions): Promise<Stack> {
  mkdirSync(options.dataDir, { recursive: true });
  mustHaveRoom(options.dataDir);
  const processes = await Processes.open(options.dataDir);
  options.onProcesses?.(processes);
  try {
    if (options.fresh) processes.clearData();
    return await assemble(options, processes);
  } catch (error) {
    await processes.close();
    throw error;
  }
}

async function assemble(options: StackOptions, processes: Processes): Promise<Stack> {
  const { dataDir, log, env = {}, prepare = async () => {}, durable = true, between } = options;
  const ports = options.ports === 'free' ? await freePortMap() : options.ports;
  await mustAllBeFree(ports, env);
  const secrets = localSecrets(dataDir);
  const servers: Servers = { processes, ports, secrets, env, log, durable, sideDoor: between?.kafka };
  const preparing = prepare();
  const wantSandbox = !(env.COMPOSIO_API_KEY && env.OPENAI_API_KEY && env.SMTP_URL);
  const [db, broker] = await Promise.all([
    database(servers).then(async (source) => {
      await runInitSql(source.value, secrets.databasePasswords);
      await preparing;
      await migrateAll({ adminUrl: source.value, secrets }, log);
      return source;
    }),
    kafka(servers).then(async (source) => {
      await preparing;
      await createTopics(source.value);
      return source;
    }),
    preparing.then(() => (wantSandbox ? startSandbox(options, processes, ports, secrets) : undefined)),
  ]);
  const around = surroundings({ env, ports, secrets, adminUrl: db.value, brokers: broker.value, between });
  const urls = await startApps(options, processes, around, ports);
  const portOf = (name: string) => Number(new URL(urls[name] ?? 'http://none:0').port);
  return {
    urls,
    publicUrl: around.publicUrl,
    brokers: broker.value,
    adminUrl: db.value,
    secrets,
    processes,
    real: [
      db.how,
      broker.how,
      'every service',
      ...(env.COMPOSIO_API_KEY ? ['Composio'] : []),
      ...(env.OPENAI_API_KEY ? ['the model'] : []),
      ...(env.SMTP_URL ? ['mail'] : []),
    ],
    sandboxed: [
      ...(env.COMPOSIO_API_KEY ? [] : ['Composio']),
      ...(env.OPENAI_API_KEY ? [] : ['the model']),
      ...(env.SMTP_URL ? [] : ['mail']),
    ],
    kill: (name, signal = 'SIGKILL') => processes.kill(name, signal),
    restart: async (name) => {
      const again = await restartChild(processes, name);
      if (portOf(name)) await ready(again, portOf(name));
      if (name === 'sandbox') await configureSandbox(ports, secrets);
    },
    add: async (app) => {
      let count = 2;
      while (urls[`${app}-${count}`]) count++;
      const name = `${app}-${count}`;
      urls[name] = await startOne(options, processes, around, { app, name, port: await freePort() });
      return name;
    },
    stop: async () => {
      await processes.close();
      await broker.stop();
    },
  };
}

async function restartChild(processes: Processes, name: string): Promise<Child> {
  const child = processes.get(name);
  if (!child) throw new Error(`there is no process ${name}`);
  await processes.stop(name);
  return child.again();
}

/** Starts all apps side by side; a line for each that is ready. */
async function startApps(options: StackOptions, processes: Processes, around: Surroundings, ports: Ports): Promise<Record<string, string>> {
  const urls: Record<string, string> = { ...around.urls, sandbox: `http://127.0.0.1:${ports.sandbox}` };
  const starts = APPS.flatMap((app) =>
    Array.from({ length: options.replicas ?? 1 }, async (_, i) => {
      const name = i ? `${app}-${i + 1}` : app;
      urls[name] = await startOne(options, processes, around, { app, name, port: i ? await freePort() : ports[app] });
    }),
  );
  await Promise.all(starts);
  return urls;
}

/** Says where it listens. */
async function startOne(
  { log, env = {}, envOf }: StackOptions,
  processes: Processes,
  around: Surroundings,
  { app, name, port }: { app: App; name: string; port: number },
): Promise<string> {
  const began = Date.now();
  await startApp(processes, app, around, { name, port, env: { ...tuning(env), ...envOf?.(name) } });
  const url = `http://127.0.0.1:${port}`;
  log(`  ${name.padEnd(16)} ${url.padEnd(24)} ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return url;
}

async function startSandbox({ dataDir, env = {}, log }: StackOptions, processes: Processes, ports: Ports, secrets: Secrets): Promise<void> {
  await startSandboxApp(processes, {
    port: ports.sandbox,
    smtpPort: ports.smtp,
    snapshot: join(dataDir, 'sandbox.json'),
    env: tuning(env),
  });
  await configureSandbox(ports, secrets);
  log(`  ${'sandbox'.padEnd(16)} ${`http://localhost:${ports.sandbox}`.padEnd(24)} Composio, model and mail for development`);
}

/** What a person sets in Composio's dashboard: where identity is verified, and where webhooks go. */
async function configureSandbox(ports: Ports, { webhookSecret }: Secrets): Promise<void> {
  const gateway = `http://localhost:${ports.gateway}`;
  const answer = await fetch(`http://127.0.0.1:${ports.sandbox}/_emulator/project?project=${LOCAL_PROJECT}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      verifierUrl: `${gateway}/connect/verify`,
      webhook: { url: `${gateway}/webhooks/composio`, secret: webhookSecret },
    }),
  });
  if (!answer.ok) throw new Failure(`The sandbox refuses its settings: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

async function mustAllBeFree(ports: Ports, env: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [name, port] of Object.entries(ports)) {
    if (env.DATABASE_URL && name === 'postgres') continue;
    if (env.KAFKA_BROKERS && name.startsWith('kafka')) continue;
    await mustBeFree(port, `the ${name}`);
  }
}

function mustHaveRoom(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir);
  const freeMb = Math.floor((bavail * bsize) / 1_000_000);
  if (freeMb < NEEDED_MB)
    throw new Failure(
      `The disk of ${dataDir} has ${freeMb} MB left, and Gatehouse needs ${NEEDED_MB} MB: free some space and start again.`,
    );
}
