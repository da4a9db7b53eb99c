import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { postgresHome } from './postgres-home.ts';
import { gone, type Identified, lives, signal, startOf } from './process-table.ts';
import { end, endAll, forgetRunning, type RecordedChild, readRunning, writeRunning } from './record.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}
export interface Child extends RecordedChild {
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  /** Set once the process has ended. */
  exit: Exit | undefined;
  /** Whether its end was asked for. */
  stopping: boolean;
  /** Starts it once more, exactly as before; it must have ended. */
  readonly again: () => Child;
}
export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly stopSignal?: NodeJS.Signals;
  readonly rank?: number;
}

/**
 * The child processes of one data folder. Each runs in a session of its own (Ctrl-C reaches the parent only, which stops them in order), writes
 * to `<dataDir>/logs/<name>.log`, begun anew each time, with the one before kept beside it (a file, not a pipe: it can go on writing when the parent is gone) and is written down in `processes.json`.
 */
export class Processes {
  readonly dataDir: string;
  private readonly parent: Identified;
  private readonly children = new Map<string, Child>();
  private readonly begun = new Set<string>();
  /** Ends the children when this process was killed. */
  readonly guardian: ChildProcess;
  private closing: Promise<void> | undefined;

  private constructor(dataDir: string) {
    this.dataDir = dataDir;
    this.parent = { pid: process.pid, started: startOf(process.pid) ?? '' };
    this.write();
    const source = import.meta.filename.endsWith('.ts') ? 'guardian.ts' : 'guardian.js';
    this.guardian = spawn(process.execPath, [join(import.meta.dirname, source), dataDir, String(process.pid)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.guardian.unref();
    this.guardian.stdin?.on('error', () => {});
    (this.guardian.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  }

  /** Takes the folder over. What a killed parent left running is ended first; a parent that lives is a Failure. */
  static async open(dataDir: string): Promise<Processes> {
    mkdirSync(join(dataDir, 'logs'), { recursive: true });
    const before = readRunning(dataDir);
    if (before && before.parent.pid !== process.pid && !(await gone(before.parent, before.stopping ? 60_000 : 0))) {
      throw new Failure(`Gatehouse runs already with the data of ${dataDir} (process ${before.parent.pid}): stop that first.`);
    }
    if (before) await endAll(before.children);
    return new Processes(dataDir);
  }

  /** Removes all in the folder but the record of who owns it. Call it before anything is started. */
  clearData(): void {
    const home = postgresHome(this.dataDir);
    if (home !== this.dataDir) rmSync(home, { recursive: true, force: true });
    for (const entry of readdirSync(this.dataDir)) {
      if (entry !== 'processes.json' && entry !== 'logs') rmSync(join(this.dataDir, entry), { recursive: true, force: true });
    }
  }

  spawn(name: string, file: string, args: readonly string[], options: ChildOptions = {}): Child {
    if (this.closing) throw new Failure(`Stopped while ${name} was to be started.`);
    const logFile = this.logFile(name);
    const { stopSignal = 'SIGTERM', rank = 2, ...rest } = options;
    if (!this.begun.has(name) && existsSync(logFile)) renameSync(logFile, `${logFile}.before`);
    this.begun.add(name); // a restart goes on in the same file
    const log = openSync(logFile, 'a');
    const child = spawn(file, args, { ...rest, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const exited = new Promise<Exit>((done) => {
      child.once('exit', (code, by) => done({ code, signal: by }));
      child.once('error', () => done({ code: 127, signal: null }));
    });
    const pid = child.pid ?? 0;
    const known: Child = {
      name,
      pid,
      started: startOf(pid) ?? '',
      stopSignal,
      rank,
      logFile,
      exited,
      exit: undefined,
      stopping: false,
      again: () => this.spawn(name, file, args, options),
    };
    void exited.then((how) => {
      known.exit = how;
    });
    this.children.set(name, known);
    this.write();
    return known;
  }

  get(name: string): Child | undefined {
    return this.children.get(name);
  }

  names(): string[] {
    return [...this.children.keys()];
  }

  logFile(name: string): string {
    return join(this.dataDir, 'logs', `${name}.log`);
  }

  /** Sends a signal as a fault would: nothing is waited for and the end, if it comes, counts as unasked. */
  kill(name: string, how: NodeJS.Signals): void {
    const child = this.children.get(name);
    if (child && lives(child)) signal(child, how);
  }

  async stop(name: string): Promise<void> {
    const child = this.children.get(name);
    if (!child) return;
    child.stopping = true;
    await end(child);
    this.children.delete(name);
    this.write();
  }

  /** Stops all, in order, and lets the folder go. Nothing can be started any more. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** Ends all at once and by force: the person does not want to wait. */
  abandon(): void {
    for (const child of this.children.values()) if (lives(child)) signal(child, 'SIGKILL', true);
  }

  private async end(): Promise<void> {
    const all = [...this.children.values()];
    for (const child of all) child.stopping = true;
    this.write(true);
    await endAll(all);
    this.children.clear();
    forgetRunning(this.dataDir);
    this.guardian.stdin?.end('done');
  }

  private write(stopping = false): void {
    const children = [...this.children.values()].map(({ name, pid, started, stopSignal, rank }) => ({
      name,
      pid,
      started,
      stopSignal,
      rank,
    }));
    writeRunning(this.dataDir, { parent: this.parent, children, stopping });
  }
}

/** The end of a log, for a person: its last lines, at most 4 kB. */
export function lastLines(file: string, count = 10): string {
  if (!existsSync(file)) return '';
  const size = statSync(file).size;
  const buffer = Buffer.alloc(Math.min(size, 4096));
  const fd = openSync(file, 'r');
  readSync(fd, buffer, 0, buffer.length, size - buffer.length);
  closeSync(fd);
  return buffer.toString('utf8').trimEnd().split('\n').slice(-count).join('\n');
}
