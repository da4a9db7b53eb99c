import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const TICKS_PER_SECOND = 100; // USER_HZ, 100 on every Linux that Node runs on

/** Processor seconds that a process and its children have used so far. Reads /proc, so Linux only; 0 elsewhere. */
export function cpuSeconds(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + ownSeconds(one), 0);
}

/** Megabytes of memory that a process has in use now. NaN where there is no /proc. */
export function rssMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(read(pid, 'status'))?.[1];
  return kb ? Math.round(Number(kb) / 1024) : Number.NaN;
}

/** Looks twenty times a second; `peak` is the most that was seen, in megabytes. */
export function watchMemory(pid: number): { peak(): number; reset(): void; stop(): void } {
  let peak = 0;
  const stopped = new AbortController();
  const look = async () => {
    while (!stopped.signal.aborted) {
      peak = Math.max(peak, rssMb(pid) || 0);
      await pause(50);
    }
  };
  void look();
  return {
    peak: () => peak,
    reset: () => {
      peak = 0;
    },
    stop: () => stopped.abort(),
  };
}

function ownSeconds(pid: number): number {
  const fields = read(pid, 'stat').replace(/^.*\)/, '').trim().split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => read(pid, `task/${task}/children`).split(' ').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
