import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { postgresHome } from './postgres.ts';
import { lives } from './process-table.ts';
import { endAll, readRunning } from './record.ts';

const MINUTE_MS = 60_000;

/** Ends and removes what killed test and demo runs left in `<data>/test-…` and `<data>/demo-…`. Runs that are going on are let alone. */
export async function endLeftoverRuns(data: string): Promise<void> {
  if (!existsSync(data)) return;
  for (const name of readdirSync(data).filter((entry) => /^(test|demo)-/.test(entry))) {
    const dir = join(data, name);
    const running = readRunning(dir);
    if (running ? lives(running.parent) : young(dir)) continue;
    if (running) await endAll(running.children, 3_000);
    for (const path of new Set([postgresHome(dir), dir])) rmSync(path, { recursive: true, force: true });
  }
}

/** A run that has not yet written down who it is. */
function young(dir: string): boolean {
  try {
    return Date.now() - statSync(dir).mtimeMs < 30 * MINUTE_MS;
  } catch {
    return true; // somebody else removed it
  }
}
