import type { Hold } from '../runs/execute-run.js';
import type { Claim } from './claim-run.js';
import { HandedBack, limitReached } from './lease.js';

/** A run may work this long, waits not counted. */
export const MAX_ACTIVE_MS = 5 * 60_000;

/** One claimed run in this process: its clock, and the switch that ends the work on it. */
export class RunHold implements Hold {
  private readonly ending = new AbortController();
  private readonly limit: NodeJS.Timeout;
  private counted = performance.now();

  constructor(readonly claim: Claim) {
    const left = Math.max(0, MAX_ACTIVE_MS - claim.activeMs);
    this.limit = setTimeout(() => this.end(limitReached('Stopped after 5 minutes of work, the limit for one run.')), left);
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  takeActiveMs(): number {
    const now = performance.now();
    const passed = Math.round(now - this.counted);
    this.counted = now;
    return passed;
  }

  /** The first reason counts. */
  end(reason: Error): void {
    this.ending.abort(reason);
  }

  handBack(): void {
    this.end(new HandedBack());
  }

  close(): void {
    clearTimeout(this.limit);
  }
}
