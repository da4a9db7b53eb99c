import { setTimeout as sleep } from 'node:timers/promises';

/** Tries `check` again until it does not throw, and gives back its result; at the end of `timeoutMs` its last error. Never sleep in a test. */
export async function eventually<T>(check: () => T | Promise<T>, { timeoutMs = 30_000 }: { timeoutMs?: number } = {}): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await sleep(25);
    }
  }
}
