import { randomUUID } from 'node:crypto';
import type { EventContract, EventOf } from '@gatehouse/contracts';
import { log } from '@gatehouse/runtime';
import { decode } from './envelope.js';
import type { BatchConsumer, FetchedBatch } from './kafka/driver.js';
import { kafkaDriver } from './kafka/kafkajs.js';
import type { MessagingConfig } from './messaging-env.js';
import { counters } from './metrics.js';
import { orderlyEnd } from './orderly-end.js';
import { backoffMs, pause } from './retry.js';

const logger = log('tail');
const RESTART_MS = 1000;

/**
 * Reads these topics from their end on, in a group of its own (`<app>.<random>`), with no inbox: an event may come twice, and one that is
 * not valid is counted and passed over. For streams to browsers, where a lost event is seen again in the data. Resolves when it listens,
 * however long the broker or the topics take to be there;
 * joins anew after a crash, then misses what came in between. `stop` leaves and deletes the group, as does
 * `signal`, also before it listens.
 */
export async function tail<C extends EventContract>(
  config: MessagingConfig,
  contracts: readonly C[],
  onEvent: (event: EventOf<C>, contract: C) => void,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ stop(): Promise<void> }> {
  const reader = new TailReader(config, contracts, onEvent as (event: unknown, contract: C) => void);
  signal?.addEventListener('abort', () => void reader.stop(), { once: true });
  await reader.start();
  return reader;
}

class TailReader<C extends EventContract> {
  private readonly driver;
  private readonly groupId: string;
  private readonly byTopic: ReadonlyMap<string, C>;
  private consumer: BatchConsumer | undefined;
  private joined = false;
  private readonly stopping = new AbortController();
  private listening: Promise<void> | undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    config: MessagingConfig,
    contracts: readonly C[],
    private readonly onEvent: (event: unknown, contract: C) => void,
  ) {
    this.driver = kafkaDriver(config);
    this.groupId = `${config.app}.${randomUUID()}`;
    this.byTopic = new Map(contracts.map((contract) => [contract.type, contract]));
  }

  /** Resolves at the first fetch, before which the end of the topics is not known; tries until then. */
  start(): Promise<void> {
    this.listening = this.listen();
    return this.listening;
  }

  private async listen(): Promise<void> {
    for (let attempt = 0; !this.isStopping; attempt++) {
      try {
        return await this.join();
      } catch (error) {
        if (!this.isStopping) logger.warn({ err: error, attempt }, 'cannot listen yet');
        await this.consumer?.close().catch(() => undefined);
        await pause(backoffMs(attempt, 250, 5000), this.stopping.signal);
      }
    }
  }

  private async join(): Promise<void> {
    const missing = await this.driver.missingTopics([...this.byTopic.keys()]);
    if (missing.length > 0) throw new Error(`topics are missing: ${missing.join(', ')}`);
    return new Promise((resolve, reject) => {
      const consumer = this.driver.consumer({ groupId: this.groupId, fromBeginning: false, partitionsAtOnce: 1 });
      this.consumer = consumer;
      let live = false;
      const events = {
        joined: () => {
          this.joined = true;
        },
        fetched: () => {
          live = true;
          resolve();
        },
        crashed: (error: Error, restarts: boolean) => {
          if (restarts && !this.isStopping) return logger.warn({ err: error }, 'the stream of events broke off');
          reject(error); // of no effect once it listens
          if (live && !this.isStopping) setTimeout(() => void this.start(), RESTART_MS).unref();
        },
      };
      consumer.run([...this.byTopic.keys()], (batch) => this.pass(batch), events).catch(reject);
    });
  }

  /** Once, however often it is called; what it began has ended when this resolves. */
  stop(): Promise<void> {
    this.stopping.abort();
    this.stopped ??= orderlyEnd(this.leave(), this.driver);
    return this.stopped;
  }

  private async leave(): Promise<void> {
    await this.consumer?.close().catch(() => undefined);
    if (this.joined) await this.driver.deleteGroup(this.groupId).catch(() => undefined);
    await this.listening;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async pass(batch: FetchedBatch): Promise<void> {
    const contract = this.byTopic.get(batch.topic);
    for (const message of batch.messages) {
      const { event } = decode(batch.topic, message, contract);
      if (event && contract) this.tell(event, contract);
      else counters.events.inc({ topic: batch.topic, outcome: 'dead' });
      batch.resolve(message.offset);
    }
  }

  private tell(event: unknown, contract: C): void {
    try {
      this.onEvent(event, contract);
    } catch (error) {
      logger.error({ err: error, topic: contract.type }, 'an event could not be passed on');
    }
  }
}
