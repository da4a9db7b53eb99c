import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gone, type Identified, lives, signal } from './process-table.ts';

/** One child as written down in the data folder, so that whoever comes next can end it. */
export interface RecordedChild extends Identified {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
  /** What others lean on has a lower number and is stopped later: broker and database 0, sandbox 1, apps 2. */
  readonly rank: number;
}
export interface Running {
  readonly parent: Identified;
  readonly children: readonly RecordedChild[];
  /** The parent is on its way out; who comes next waits a moment. */
  readonly stopping?: boolean;
}

const fileOf = (dataDir: string) => join(dataDir, 'processes.json');

export function readRunning(dataDir: string): Running | undefined {
  if (!existsSync(fileOf(dataDir))) return undefined;
  try {
    return JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Running;
  } catch {
    return undefined; // written in one step, so this is a disk's fault and tells nothing
  }
}

export function writeRunning(dataDir: string, running: Running): void {
  const part = `${fileOf(dataDir)}.part`;
  writeFileSync(part, JSON.stringify(running));
  renameSync(part, fileOf(dataDir));
}

export function forgetRunning(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** Asks the children to stop, what leans on others first; ends by force what has not gone after `patienceMs`. */
export async function endAll(children: readonly RecordedChild[], patienceMs = 15_000): Promise<void> {
  const ranks = [...new Set(children.map(({ rank }) => rank))].sort((a, b) => b - a);
  for (const rank of ranks) {
    await Promise.all(children.filter((child) => child.rank === rank).map((child) => end(child, patienceMs)));
  }
}

export async function end(child: RecordedChild, patienceMs = 15_000): Promise<void> {
  if (!lives(child)) return;
  signal(child, child.stopSignal);
  signal(child, 'SIGCONT'); // a stopped process hears nothing
  await gone(child, patienceMs);
  signal(child, 'SIGKILL', true); // itself, if it would not go, and whatever it started and left
  await gone(child, 5_000);
}
