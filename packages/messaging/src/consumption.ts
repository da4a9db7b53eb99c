import { deadLetterTopic, events } from '@gatehouse/contracts';
import { log } from '@gatehouse/runtime';
import { Backlog, type Lag } from './backlog.js';
import { ConsumerLoop } from './consumer-loop.js';
import { CrashWatch } from './crash-watch.js';
import type { FloodGuard } from './flood-guard.js';
import type { Handlers } from './handlers.js';
import type { Intake } from './intake.js';
import type { BatchConsumer, KafkaDriver } from './kafka/driver.js';
import { SESSION_TIMEOUT_MS } from './kafka/kafkajs.js';
import type { MessagingConfig } from './messaging-env.js';
import { gauges } from './metrics.js';
import { backoffMs, pause } from './retry.js';

const logger = log('consumer');
const DRAIN_MS = 5000;

interface Parts {
  readonly config: MessagingConfig;
  readonly driver: KafkaDriver;
  readonly handlers: Handlers;
  readonly intake: Intake;
  readonly flood: FloodGuard;
  /** Throws while the database does not answer. */
  readonly probe: () => Promise<void>;
  /** The consumer is dead and will not come back. */
  readonly onDead: (reason: string) => void;
  /** Between the database's commit and that of the offset. */
  readonly committed?: () => void;
}

/** The one consumer of an app, for all its topics; group = app. */
export class Consumption {
  private readonly watch = new CrashWatch();
  private consumer: BatchConsumer | undefined;
  private loop: ConsumerLoop | undefined;
  private missing: readonly string[] = [];
  private joined = false;
  private readonly backlog = new Backlog();
  /** By topic, and when the broker said so; undefined while it does not answer. */
  lags: { readonly at: Date; readonly topics: ReadonlyMap<string, Lag> } | undefined;
  private readonly stopping = new AbortController();
  private starting: Promise<void> | undefined;

  constructor(private readonly parts: Parts) {}

  /** Joins the group as soon as the broker answers and all topics exist; until then the app is not ready. */
  start(): void {
    this.starting ??= this.begin();
  }

  /** Throws why no events come in. An empty assignment counts as joined. */
  ready(): void {
    if (this.missing.length > 0) throw new Error(`topics are missing: ${this.missing.join(', ')}`);
    if (!this.joined) throw new Error('has not joined its group');
  }

  /** Throws when neither a fetch nor a chunk has ended for long. A closed gate is no reason to be killed. */
  alive(): void {
    const { loop } = this;
    if (!loop || loop.closed !== undefined) return;
    const idleMs = Date.now() - loop.progressAt;
    if (this.joined && idleMs > 3 * SESSION_TIMEOUT_MS) throw new Error(`nothing was fetched for ${Math.round(idleMs / 1000)} s`);
  }

  /**
   * The lag of the whole group, which every replica measures alike: no partition that moved leaves an old value behind. Asked of the broker,
   * since a fetch says nothing about a partition that is paused. While the broker does not answer there is no value.
   */
  async measureLag(): Promise<void> {
    const { driver, config, handlers } = this.parts;
    try {
      const lags = this.backlog.note(await driver.ends(config.app, handlers.topics));
      this.lags = { at: new Date(), topics: lags };
      gauges.lag.reset();
      gauges.lagAge.reset();
      for (const [topic, { events, ageMs }] of lags) {
        gauges.lag.set({ topic }, events);
        gauges.lagAge.set({ topic }, ageMs / 1000);
      }
    } catch (error) {
      this.lags = undefined;
      gauges.lag.reset();
      gauges.lagAge.reset();
      throw error;
    }
  }

  /** Callbacks end, offsets are committed, the group is left. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop?.drain(DRAIN_MS);
    await this.consumer?.close().catch(() => undefined);
    await this.starting;
  }

  private async begin(): Promise<void> {
    for (let attempt = 0; !this.stopping.signal.aborted; attempt++) {
      try {
        this.missing = await this.parts.driver.missingTopics(this.topics());
        if (this.missing.length === 0) return await this.run();
        if (attempt % 10 === 0) logger.warn({ count: this.missing.length }, `waits for topics: ${this.missing.join(', ')}`);
      } catch (error) {
        if (!this.stopping.signal.aborted) logger.warn({ err: error, attempt }, 'cannot reach the broker');
      }
      await pause(backoffMs(attempt, 250, 5000), this.stopping.signal);
    }
  }

  private async run(): Promise<void> {
    const { config, driver, handlers, flood, probe } = this.parts;
    const pool = config.DATABASE_POOL ?? 10;
    const consumer = driver.consumer({
      groupId: config.app,
      fromBeginning: true,
      partitionsAtOnce: Math.max(1, Math.min(4, pool - 4)), // the rest of the pool is for requests, the relay and the probe
    });
    const loop = new ConsumerLoop(this.parts.intake, consumer, { flood, probe, committed: this.parts.committed });
    this.consumer = consumer;
    this.loop = loop;
    await consumer.run(handlers.topics, (batch) => loop.onBatch(batch), {
      joined: () => {
        this.joined = true;
        loop.progressAt = Date.now();
      },
      fetched: () => {
        loop.progressAt = Date.now();
      },
      crashed: (error, restarts) => this.crashed(error, restarts),
    });
  }

  private crashed(error: Error, restarts: boolean): void {
    this.joined = false;
    if (this.stopping.signal.aborted) return; // cut off while it left
    logger.error({ err: error }, restarts ? 'the consumer crashed and joins again' : 'the consumer crashed');
    if (this.watch.crashed(restarts) === 'exit') this.parts.onDead('the Kafka consumer does not recover');
  }

  /** What must exist before anything is consumed: what it reads, what it tells, its dead letters. */
  private topics(): string[] {
    const { app } = this.parts.config;
    const told = events.filter(({ producers }) => (producers as readonly string[]).includes(app)).map(({ type }) => type);
    return [...new Set([...this.parts.handlers.topics, ...told, deadLetterTopic(app)])];
  }
}
