import { setTimeout as sleep } from 'node:timers/promises';
import { brokerAnswers, type Stack } from '@gatehouse/local';
import pg from 'pg';

const LOOK_MS = 200;
const SERVERS = ['kafka', 'postgres'] as const;

/** What an operator's platform does: starts each process again that has ended, for as long as it takes, and knows nothing of why. */
export class Supervisor {
  /** Processes held down for a while, on purpose. */
  readonly held = new Set<string>();
  /** Processes that were not there from the beginning; held down, they are no miss. */
  readonly further: string[] = [];
  private readonly starting = new Map<string, Promise<void>>();
  private readonly onSeen: (name: string) => void;
  private stopping = false;
  private readonly loop: Promise<void>;

  /** `onEnd` hears of each end of a process, whoever caused it. */
  constructor(
    private readonly stack: Stack,
    private readonly apps: readonly string[],
    onEnd: (name: string) => void,
  ) {
    this.onSeen = onEnd;
    this.loop = this.watch();
  }

  /** All processes run, and are ready. False when that took longer. */
  async allReady(limitMs: number): Promise<boolean> {
    const deadline = Date.now() + limitMs;
    while (Date.now() < deadline) {
      const wanted = (one: string) => !(this.held.has(one) && this.further.includes(one));
      if (![...this.starting.keys(), ...this.held, ...this.dead()].some(wanted)) return true;
      await sleep(LOOK_MS);
    }
    return false;
  }

  watchToo(name: string): void {
    this.further.push(name);
  }

  async ready(name: string): Promise<void> {
    await sleep(2 * LOOK_MS);
    await this.starting.get(name);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.loop;
    await Promise.allSettled(this.starting.values());
  }

  private dead(): string[] {
    return [...SERVERS, ...this.apps, ...this.further].filter((name) => {
      const child = this.stack.processes.get(name);
      return !child || child.exit !== undefined;
    });
  }

  private async watch(): Promise<void> {
    while (!this.stopping) {
      for (const name of this.dead()) {
        if (this.starting.has(name)) continue;
        this.onSeen(name);
        const start = this.start(name).finally(() => this.starting.delete(name));
        this.starting.set(name, start);
      }
      await sleep(LOOK_MS);
    }
  }

  private async start(name: string): Promise<void> {
    while (this.held.has(name) && !this.stopping) await sleep(LOOK_MS);
    while (!this.stopping) {
      try {
        await this.stack.restart(name);
        if (await this.answers(name)) return;
      } catch {
        // What it leans on is down, too; it is tried again, as an operator's platform would.
      }
      await sleep(500);
    }
  }

  private answers(name: string): Promise<boolean> | boolean {
    if (name === 'kafka') return brokerAnswers(this.stack.brokers, 60_000, () => this.ended(name));
    if (name === 'postgres') return databaseAnswers(this.stack.adminUrl, 60_000, () => this.ended(name));
    return true;
  }

  private ended(name: string): boolean {
    return this.stack.processes.get(name)?.exit !== undefined;
  }
}

async function databaseAnswers(url: string, limitMs: number, dead: () => boolean): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (!dead() && Date.now() < deadline) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      return true;
    } catch {
      await sleep(100);
    } finally {
      await client.end().catch(() => {});
    }
  }
  return false;
}
