import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Calls `gone` when the npm that started this process has been killed: its Ctrl-C can then no longer come, and the terminal shows a prompt.
 * Does nothing when npm did not start it, so that `nohup node …` goes on after its shell.
 */
export function watchNpm(gone: () => void): void {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const grandparent = parentOf(parent); // npm itself, when its shell stays between us
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    gone();
  }, 500);
  timer.unref();
}

function parentOf(pid: number): number {
  try {
    if (process.platform !== 'linux') return Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout);
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
