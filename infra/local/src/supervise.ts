import { lastLines } from './processes.ts';
import type { Stack } from './stack.ts';

const MAX_BACKOFF_MS = 30_000;
/** A process that ends so often within so long is not going to get well by itself. */
const TOO_OFTEN = 5;
const WITHIN_MS = 120_000;

/** Restarts a service that dies, with back-off, and shows its last lines. One that dies again and again stops the stack: `giveUp` is told why. */
export function supervise(stack: Stack, log: (line: string) => void, giveUp: (why: string) => void): void {
  const deaths = new Map<string, number[]>();
  const watch = (name: string) => {
    const child = stack.processes.get(name);
    void child?.exited.then(async ({ code, signal }) => {
      if (child.stopping) return;
      const recent = (deaths.get(name) ?? []).filter((at) => at > Date.now() - WITHIN_MS);
      deaths.set(name, [...recent, Date.now()]);
      log(`\n${name} ended (${signal ?? `exit code ${code}`}). Its last lines (${child.logFile}):\n${lastLines(child.logFile)}`);
      if (recent.length + 1 >= TOO_OFTEN) return giveUp(`${name} ended ${TOO_OFTEN} times in ${WITHIN_MS / 1000} s`);
      await new Promise((done) => setTimeout(done, Math.min(MAX_BACKOFF_MS, 500 * 2 ** recent.length)));
      log(`Starting ${name} again …`);
      const back = stack.restart(name).then(
        () => log(`${name} is back.`),
        (error: Error) => log(`${name} does not come back: ${error.message}`),
      );
      await Promise.race([back, new Promise((done) => setTimeout(done, 200))]); // the new process exists from here on
      watch(name);
    });
  };
  for (const name of stack.processes.names()) watch(name);
}
