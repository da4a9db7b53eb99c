import { log } from './logger.js';

const logger = log('rounds');
/** With the messaging's 5 s, a worker's own last words and HTTP's 3 s, a stop stays below the 25 s that a process is given. */
const STOP_WAIT_MS = 8000;

/**
 * The rounds of a worker: one at a time in this process, a failure only logged (the next round tries again), and waited for at a stop.
 * Who ticks is somebody else's choice: `@Interval` calls `next`, or `every` does so itself. `what` names the work in the log. `work` gets
 * a signal that aborts when the stop begins: a loop looks at it between two steps.
 */
export class Rounds {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private inHand: Promise<void> | undefined;

  constructor(
    private readonly what: string,
    private readonly work: (stop: AbortSignal) => Promise<unknown>,
  ) {}

  /** A round, or the one in hand; resolves when it has ended and never rejects. After `stop` nothing begins. */
  next(): Promise<void> {
    if (this.stopping.signal.aborted) return Promise.resolve();
    this.inHand ??= this.round().finally(() => {
      this.inHand = undefined;
    });
    return this.inHand;
  }

  /** A round now, and again `ms` after the last one has ended, until the stop. */
  every(ms: number): this {
    const again = async () => {
      await this.next();
      if (!this.stopping.signal.aborted) this.timer = setTimeout(again, ms);
    };
    void again();
    return this;
  }

  /** Nothing begins any more; resolves when the round in hand has ended, or after `waitMs` at the latest. */
  async stop(waitMs = STOP_WAIT_MS): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    if (!this.inHand) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        logger.warn({ waitMs }, `${this.what} did not end in time; it is left`);
        resolve();
      }, waitMs);
    });
    await Promise.race([this.inHand, late]);
    clearTimeout(timer);
  }

  private async round(): Promise<void> {
    try {
      await this.work(this.stopping.signal);
    } catch (error) {
      logger.warn({ err: error }, `${this.what} failed; it is tried again`);
    }
  }
}
