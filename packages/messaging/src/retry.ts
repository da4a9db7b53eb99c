import { setTimeout as sleep } from 'node:timers/promises';

/** Waits before a chunk that failed for a passing reason is run again, in milliseconds. */
export const CHUNK_RETRIES_MS: readonly number[] = [50, 200];

/** A parked key's head becomes a dead letter when it failed so often. */
export const PARK_ATTEMPTS = 12;

/** Until a parked key is tried again: 1 s, doubling, at most 5 minutes. `attempts` counts the tries so far, from 1. */
export function parkDelayMs(attempts: number): number {
  return Math.min(300_000, 1000 * 2 ** Math.max(0, attempts - 1));
}

/** Doubling from `baseMs` to `capMs`, with up to a quarter of jitter taken off, so that replicas do not knock together. */
export function backoffMs(attempt: number, baseMs: number, capMs: number, random: () => number = Math.random): number {
  const full = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(full * (1 - random() / 4));
}

/** Waits, or until the signal says that nothing is worth waiting for any more. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
