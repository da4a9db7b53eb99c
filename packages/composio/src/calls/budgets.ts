import type { ComposioConfig } from '../config.js';
import { RateLimited } from '../errors.js';
import type { Call } from '../port.js';
import type { Headers } from './answers.js';

type Budget = Call['budget'];

/** A bucket holds ten seconds' worth: Composio's window is fixed, so a full minute saved up could be spent twice around its edge. */
const BURST_SHARE = 1 / 6;
const SWEEP_STOPS_BELOW = 0.3;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

interface Bucket {
  perMs: number;
  size: number;
  tokens: number;
  filledAt: number;
}

/** What this process may still ask of Composio. One for a config, shared by the port and the audit reader made from it. */
export class Budgets {
  private readonly buckets: Record<Budget, Bucket>;
  private blockedUntil = 0;
  private sweepPausedUntil = 0;
  private refusals = 0;

  constructor(
    perMinute: Record<Budget, number>,
    private readonly now: () => number = Date.now,
  ) {
    const bucket = (calls: number): Bucket => {
      const size = Math.max(1, Math.ceil(calls * BURST_SHARE));
      return { perMs: calls / 60_000, size, tokens: size, filledAt: now() };
    };
    this.buckets = { runs: bucket(perMinute.runs), interactive: bucket(perMinute.interactive), sweep: bucket(perMinute.sweep) };
  }

  /** Takes one call out of `budget`. Throws `RateLimited` with the wait, and takes nothing, when there is none. */
  take(budget: Budget): void {
    const now = this.now();
    const closedFor = Math.max(this.blockedUntil, budget === 'sweep' ? this.sweepPausedUntil : 0) - now;
    if (closedFor > 0) throw new RateLimited(closedFor, 'ours');
    const bucket = this.buckets[budget];
    bucket.tokens = Math.min(bucket.size, bucket.tokens + (now - bucket.filledAt) * bucket.perMs);
    bucket.filledAt = now;
    if (bucket.tokens < 1) throw new RateLimited(Math.ceil((1 - bucket.tokens) / bucket.perMs), 'ours');
    bucket.tokens -= 1;
  }

  /** Any answer tells how much of the organisation's window is left: runs and people come before the sweep. */
  answered(headers: Headers): void {
    this.refusals = 0;
    const limit = Number(headers.get('x-ratelimit') ?? Number.NaN);
    const remaining = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN);
    if (!(limit > 0) || !(remaining >= 0)) return;
    const window = Number.parseFloat(headers.get('x-ratelimit-window-size') ?? '60') || 60;
    this.sweepPausedUntil = remaining < limit * SWEEP_STOPS_BELOW ? this.now() + window * 1000 : 0;
  }

  /** A 429 is about the whole organisation, so it closes every budget. Returns the wait in milliseconds. */
  refused(headers: Headers): number {
    const wait = retryAfterMs(headers, this.now()) ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.refusals, 10));
    this.refusals += 1;
    this.blockedUntil = Math.max(this.blockedUntil, this.now() + wait);
    for (const bucket of Object.values(this.buckets)) {
      bucket.tokens = 0;
      bucket.filledAt = Math.max(bucket.filledAt, this.blockedUntil - 1 / bucket.perMs); // the first call after the wait is allowed
    }
    return wait;
  }
}

const shared = new WeakMap<ComposioConfig, Budgets>();

export function budgetsOf(config: ComposioConfig): Budgets {
  let budgets = shared.get(config);
  if (!budgets) {
    budgets = new Budgets({
      runs: config.COMPOSIO_RUNS_CALLS_PER_MINUTE,
      interactive: config.COMPOSIO_INTERACTIVE_CALLS_PER_MINUTE,
      sweep: config.COMPOSIO_SWEEP_CALLS_PER_MINUTE,
    });
    shared.set(config, budgets);
  }
  return budgets;
}

function retryAfterMs(headers: Headers, now: number): number | undefined {
  const raw = headers.get('retry-after');
  if (!raw) return undefined;
  const seconds = Number(raw);
  const wait = Number.isNaN(seconds) ? Date.parse(raw) - now : seconds * 1000;
  return wait >= 0 && wait <= 3_600_000 ? wait : undefined;
}
