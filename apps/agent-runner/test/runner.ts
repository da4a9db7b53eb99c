import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../dist/src/main.js');

export interface Runner {
  readonly child: ChildProcess;
  readonly ended: Promise<{ signal: NodeJS.Signals | null; code: number | null }>;
  /** Its log so far. */
  said(): string;
}

const started = new Set<ChildProcess>();

/** Another agent-runner, as a process of its own on the test's database, that works by itself. It needs the build. */
export function startRunner(env: Readonly<Record<string, string>> = {}): Runner {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, NODE_ENV: 'development', PORT: '0', RUNS_POLL_MS: '50', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<{ signal: NodeJS.Signals | null; code: number | null }>((done) => {
    child.once('exit', (code, signal) => {
      started.delete(child);
      done({ signal, code });
    });
  });
  return { child, ended, said: () => said };
}

/** For `afterAll`: none outlives its test. */
export async function endRunners(): Promise<void> {
  await Promise.all(
    [...started].map(
      (child) =>
        new Promise((gone) => {
          child.once('exit', gone);
          child.kill('SIGKILL');
        }),
    ),
  );
}
