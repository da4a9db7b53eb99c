import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { ROOT } from './root.ts';
import { machineEnv } from './settings.ts';

/** Builds what has changed since the last build. The compiler's complaints are passed on as they come. */
export async function build(log: (line: string) => void): Promise<void> {
  const began = Date.now();
  const turbo = join(ROOT, 'node_modules/.bin/turbo');
  const args = ['run', 'build', '--output-logs=errors-only', '--log-order=grouped', '--no-update-notifier', '--continue=never'];
  const child = spawn(turbo, args, {
    cwd: ROOT,
    env: { ...machineEnv(), TURBO_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ticking = setInterval(() => log(`  … building for ${Math.round((Date.now() - began) / 1000)} s`), 10_000);
  const code = await new Promise<number | null>((done) => child.once('close', done).once('error', () => done(127)));
  clearInterval(ticking);
  if (code !== 0) throw new Failure(`The build failed:\n${said.trim()}`);
  log(`Built (${/Cached:\s*(.*)/.exec(said)?.[1] ?? 'done'}, ${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

export const run = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): number =>
  spawnSync(join(ROOT, 'node_modules/.bin', file), args, { cwd: ROOT, stdio: 'inherit', env }).status ?? 1;
