import { log } from '@gatehouse/runtime';
import { gauges } from './metrics.js';
import { backoffMs } from './retry.js';

const logger = log('gate');
const FIRST_MS = 500;
const LAST_MS = 30_000;

/**
 * Whether work may be taken in now. Closed by an error that no event is to blame for; a probe opens it again, after 0.5 to 30 seconds,
 * longer each time until something was done with it open.
 */
export class Gate {
  private reason: string | undefined;
  private attempts = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly name: string,
    private readonly probe: () => Promise<void>,
    private readonly opened: () => void,
  ) {}

  /** Why it is closed, for a person; undefined while it is open. */
  get closed(): string | undefined {
    return this.reason;
  }

  close(error: Error): void {
    if (this.reason !== undefined) return;
    this.reason = error.message.split('\n', 1)[0] ?? error.name;
    gauges.gateClosed.set({ gate: this.name }, 1);
    logger.warn({ err: error }, `${this.name}: consumption is paused`);
    this.later();
  }

  /** Work got through: the next closing starts with the shortest wait again. */
  worked(): void {
    if (this.reason === undefined) this.attempts = 0;
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private later(): void {
    this.timer = setTimeout(() => void this.knock(), backoffMs(this.attempts++, FIRST_MS, LAST_MS));
    this.timer.unref();
  }

  private async knock(): Promise<void> {
    try {
      await this.probe();
    } catch {
      this.later();
      return;
    }
    this.reason = undefined;
    gauges.gateClosed.set({ gate: this.name }, 0);
    logger.info(`${this.name}: consumption goes on`);
    this.opened();
  }
}
