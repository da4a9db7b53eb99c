import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that outlives a look at it only together with its start time: a process id alone is used again by the system. */
export interface Identified {
  readonly pid: number;
  readonly started: string;
}

/** When the process started, in whatever form this system tells it; undefined if there is none (or only its zombie). */
export function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold spaces and brackets
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const [, state = 'Z', started] = /^\s*(\S+)\s+(.+?)\s*$/.exec(ps.stdout ?? '') ?? [];
  return state.startsWith('Z') ? undefined : started;
}

export const lives = ({ pid, started }: Identified): boolean => startOf(pid) === started;

/** Sends a signal to the process or, with `group`, to all of its session. A process that is gone is no error. */
export function signal({ pid }: Identified, name: NodeJS.Signals, group = false): void {
  try {
    process.kill(group && process.platform !== 'win32' ? -pid : pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until the process is gone; false when it still is there after `timeoutMs`. */
export async function gone(target: Identified, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (lives(target)) {
    if (Date.now() > deadline) return false;
    await new Promise((done) => setTimeout(done, 50));
  }
  return true;
}
