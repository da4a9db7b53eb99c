import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { appEnv, migrationEnv, type Surroundings } from './app-env.ts';
import { DATABASES } from './databases.ts';
import { Failure } from './failure.ts';
import { type Child, lastLines, type Processes } from './processes.ts';
import { DATA, ROOT } from './root.ts';
import type { App } from './secrets.ts';
import { machineEnv } from './settings.ts';

/** Node keeps compiled code here from the first orderly end on: a seventh of a service's start is saved. Whoever sets it otherwise is heard. */
const COMPILED = { NODE_COMPILE_CACHE: join(DATA, 'compiled') };
const READY_MS = 90_000; // two busy cores start seven processes at once

/** Runs each app's migrations as its owner. Two at a time: a migration is mostly the start of Node, and the machine may have two cores. */
export async function migrateAll(around: Pick<Surroundings, 'adminUrl' | 'secrets'>, log: (line: string) => void): Promise<void> {
  const waiting = [...DATABASES];
  const lane = async () => {
    for (let app = waiting.shift(); app; app = waiting.shift()) {
      const said = await runToEnd(built(app, 'migrate'), { ...COMPILED, ...machineEnv(), ...migrationEnv(app, around) });
      if (said.code !== 0) throw new Failure(`${app} could not be migrated: ${said.text.trim()}`);
      if (!said.text.includes('nothing to migrate')) log(said.text.trim());
    }
  };
  await Promise.all([lane(), lane()]);
}

/** Starts an app (or a further replica of it, with a port of its own) and waits until it says that it is ready. */
export async function startApp(
  processes: Processes,
  app: App,
  around: Surroundings,
  o: { name: string; port: number; env: Record<string, string> },
): Promise<Child> {
  const env = { ...COMPILED, ...machineEnv(), ...appEnv(app, around), ...o.env, PORT: String(o.port) };
  const child = processes.spawn(o.name, process.execPath, [built(app, 'main')], { env, cwd: join(ROOT, 'apps', app) });
  await ready(child, o.port);
  return child;
}

export async function startSandboxApp(
  processes: Processes,
  o: { port: number; smtpPort: number; snapshot: string; env: Record<string, string> },
): Promise<Child> {
  const env = {
    ...COMPILED,
    ...machineEnv(),
    LOG_LEVEL: 'warn',
    ...o.env,
    NODE_ENV: 'development',
    PORT: String(o.port),
    SMTP_PORT: String(o.smtpPort),
    SANDBOX_SNAPSHOT: o.snapshot,
    PUBLIC_URL: `http://localhost:${o.port}`,
    SANDBOX_PUBLIC_URL: `http://localhost:${o.port}`,
  };
  const child = processes.spawn('sandbox', process.execPath, [built('sandbox', 'main')], { env, cwd: join(ROOT, 'apps/sandbox'), rank: 1 });
  await ready(child, o.port);
  return child;
}

/** Waits for /readyz; a Failure with the last lines of its log when the process ends or takes too long. */
export async function ready(child: Child, port: number): Promise<void> {
  const deadline = Date.now() + READY_MS;
  let reason = 'it does not answer';
  while (!child.exit && Date.now() < deadline) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5_000) });
      if (answer.ok) return;
      reason = (await answer.text()).slice(0, 500);
    } catch {
      // not listening yet
    }
    await new Promise((done) => setTimeout(done, 150));
  }
  if (child.stopping) throw new Failure(`Stopped while ${child.name} was starting.`);
  const how = child.exit ? `ended with ${child.exit.signal ?? child.exit.code}` : `is not ready after ${READY_MS / 1000} s (${reason})`;
  throw new Failure(`${child.name} ${how}. Its last lines (${child.logFile}):\n${lastLines(child.logFile)}`);
}

function built(app: string, what: 'main' | 'migrate'): string {
  const file = join(ROOT, 'apps', app, 'dist/src', `${what}.js`);
  if (!existsSync(file)) throw new Failure(`${app} is not built: "npm run build" does it.`);
  return file;
}

function runToEnd(file: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; text: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.once('close', (code) => done({ code, text }));
    child.once('error', (error) => done({ code: 127, text: error.message }));
  });
}
