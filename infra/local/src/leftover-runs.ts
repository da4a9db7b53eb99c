import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { postgresHome } from './postgres-home.ts';
import { lives } from './process-table.ts';
import { endAll, readRunning } from './record.ts';

const MINUTE_MS = 60_000;

/** Ends and removes what killed test runs left in `<data>/test-…`. Runs that are going on are let alone. */
export async function endLeftoverRuns(data: string): Promise<void> {
  if (!existsSync(data)) return;
  for (const name of readdirSync(data).filter((entry) => entry.startsWith('test-'))) await removeRun(join(data, name), 30 * MINUTE_MS);
}

/** Ends what was left running in a folder and removes it, unless its owner lives or it is younger than `sparedMs` and has not yet said whose it is. */
export async function removeRun(dir: string, sparedMs = 0): Promise<void> {
  const running = readRunning(dir);
  if (running ? lives(running.parent) : ageMs(dir) < sparedMs) return;
  if (running) await endAll(running.children, 3_000);
  for (const path of new Set([postgresHome(dir), dir])) rmSync(path, { recursive: true, force: true });
}

function ageMs(dir: string): number {
  try {
    return Date.now() - statSync(dir).mtimeMs;
  } catch {
    return 0; // somebody else removed it
  }
}
