import { ComposioError, Misconfigured, RateLimited, Unavailable } from '@gatehouse/composio';
import { log } from '@gatehouse/runtime';
import { Injectable } from '@nestjs/common';

const logger = log('breaker');
const FAILURES = 3;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * While Composio fails at everything, nothing is gained by asking: after three failures in a row all work of this process pauses, 5 s at first,
 * doubled to a minute by each trial that fails, too. An answer that merely refuses (no such account, a limit) is no failure of Composio's.
 */
@Injectable()
export class Breaker {
  private failures = 0;
  private openUntil = 0;

  /** Asks, and learns from the answer. During a pause nothing is asked: throws `RateLimited` with what is left of it. */
  async watch<T>(ask: () => Promise<T>): Promise<T> {
    const pauseMs = this.openUntil - Date.now();
    if (pauseMs > 0) throw new RateLimited(pauseMs, 'ours');
    try {
      const answer = await ask();
      this.failures = 0;
      return answer;
    } catch (error) {
      if (error instanceof Unavailable || error instanceof Misconfigured) this.failed();
      else if (error instanceof ComposioError && !(error instanceof RateLimited)) this.failures = 0;
      throw error;
    }
  }

  private failed(): void {
    this.failures += 1;
    if (this.failures < FAILURES) return;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.failures - FAILURES, 10));
    this.openUntil = Date.now() + pauseMs;
    logger.warn({ attempt: this.failures, pauseMs }, 'Composio fails: nothing is asked for a while');
  }
}

/** How long to leave alone what failed so. */
export const waitSeconds = (error: unknown): number => (error instanceof RateLimited ? Math.ceil(error.retryAfterMs / 1000) : 5);
