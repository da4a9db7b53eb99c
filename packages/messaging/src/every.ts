import { log } from '@gatehouse/runtime';

const logger = log('upkeep');

/** Runs `work` now and again `ms` after it ended, whatever it does, until stopped; stopping waits for the run in hand. */
export function every(ms: number, what: string, work: () => Promise<void>): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running = Promise.resolve();
  const run = async () => {
    try {
      await work();
    } catch (error) {
      logger.warn({ err: error }, `${what} failed; it is tried again`);
    }
    if (!stopped) timer = setTimeout(next, ms);
  };
  const next = () => {
    running = run();
  };
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
