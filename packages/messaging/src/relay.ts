import { randomUUID } from 'node:crypto';
import { log } from '@gatehouse/runtime';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { BatchProducer, KafkaDriver } from './kafka/driver.js';
import { RecordsRefused } from './kafka/driver.js';
import { counters } from './metrics.js';
import { OutboxQueue, recordOf, type Waiting } from './outbox-queue.js';
import { backoffMs } from './retry.js';
import { settle } from './settle.js';
import type { Shard } from './shard-leases.js';
import { ShardLeases } from './shard-leases.js';

const logger = log('relay');
const ROWS = 1000;
const ROWS_PER_SHARD = 32;
/** A record batch must fit into the topic's 1 MiB, whichever partition the rows fall into; 400 bytes for the headers of each. */
const BATCH_BYTES = 950_000;
const HEADER_BYTES = 400;
const POLL_MS = 50;
const RENEW_MS = 3000;

export interface RelayOptions {
  readonly app: string;
  readonly leaseMs?: number;
  /** Between the broker's answer and the deletion. */
  readonly sent?: () => void;
}

/**
 * Sends what the outbox holds: read → send → delete, one batch at a time, shards that are leased only. Rows go after the broker has all of
 * them; a crash in between sends them twice, which every inbox passes over. Unsent rows simply stay.
 */
export class Relay {
  readonly leases: ShardLeases;
  private readonly queue: OutboxQueue;
  private producer: BatchProducer | undefined;
  private stopping = false;
  private wakeUp: (() => void) | undefined;
  private awake = false;
  private loop: Promise<void> | undefined;
  private renewAt = 0;
  private fullShards = 16;

  constructor(
    em: EntityManager,
    private readonly driver: Pick<KafkaDriver, 'producer'>,
    private readonly options: RelayOptions,
    owner: string = randomUUID(),
  ) {
    this.leases = new ShardLeases(em, owner, options.leaseMs);
    this.queue = new OutboxQueue(em);
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** There may be something to send. */
  wake(): void {
    this.awake = true;
    this.wakeUp?.();
  }

  /** Finishes the batch in hand and hands its shards to whoever lives on. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.loop;
    await this.leases.giveUp().catch(() => undefined);
    await this.producer?.close().catch(() => undefined);
  }

  /** One round: the number of events sent; one that was put aside counts as not sent. Throws what kept it from sending; the same rows are read again next time. */
  async round(): Promise<number> {
    if (performance.now() >= this.renewAt) {
      await this.leases.renew();
      this.renewAt = performance.now() + RENEW_MS;
    }
    const shards = this.leases.current;
    if (shards.length === 0) return 0;
    const perShard = Math.max(ROWS_PER_SHARD, Math.floor(ROWS / Math.max(1, this.fullShards)));
    const rows = await this.queue.read(shards, perShard);
    this.fullShards = countFull(rows, perShard);
    let sent = 0;
    for (const batch of batches(rows)) {
      const left = await this.send(batch, shards);
      sent += batch.length - left.length;
      if (left.length > 0) break; // a row was put aside: the next read leaves out its key
    }
    return sent;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      try {
        const sent = await this.round();
        failures = 0;
        if (sent === 0) await this.rest(backoffMs(0, POLL_MS, POLL_MS));
      } catch (error) {
        counters.sendFailures.inc();
        if (!this.stopping) logger.warn({ err: error, attempt: failures }, 'will send again');
        await this.dropProducer();
        this.awake = false;
        await this.rest(backoffMs(failures++, 200, 10_000));
      }
    }
  }

  /** Gives back what it did not send. */
  private async send(batch: readonly Waiting[], shards: readonly Shard[]): Promise<readonly Waiting[]> {
    this.producer ??= await this.driver.producer();
    const { producer } = this;
    return settle(batch, {
      attempt: async (part) => {
        // Past our lease somebody else may be sending later rows already.
        if (this.leases.current.length === 0) throw new Error('the lease ended before the batch was sent');
        try {
          await producer.send(part.map((row) => recordOf(row, this.options.app)));
        } catch (error) {
          if (error instanceof RecordsRefused) return { ok: false, stop: false, error };
          throw error;
        }
        this.options.sent?.();
        const removed = await this.queue.remove(part, shards);
        if (removed < part.length) logger.warn({ sent: part.length, count: removed }, 'a shard went to another relay meanwhile');
        for (const [topic, rows] of Map.groupBy(part, (row) => row.topic)) counters.sent.inc({ topic }, rows.length);
        return { ok: true };
      },
      culprit: async (row, error) => {
        await this.queue.setAside(row, (error as Error).message);
        logger.error({ topic: row.topic, eventId: row.event_id, err: error }, 'the broker refuses an event; its key is held up');
        return 'stop';
      },
    });
  }

  private async dropProducer(): Promise<void> {
    const old = this.producer;
    this.producer = undefined; // an idempotent producer that failed may have lost count
    await old?.close().catch(() => undefined);
  }

  private async rest(ms: number): Promise<void> {
    if (!this.awake && !this.stopping) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.wakeUp = undefined;
    this.awake = false;
  }
}

function countFull(rows: readonly Waiting[], perShard: number): number {
  const counts = new Map<number, number>();
  for (const { shard } of rows) counts.set(shard, (counts.get(shard) ?? 0) + 1);
  return [...counts.values()].filter((count) => count >= perShard).length;
}

function* batches(rows: readonly Waiting[]): Generator<Waiting[]> {
  let batch: Waiting[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = (row.body ? Buffer.byteLength(row.body) : 0) + HEADER_BYTES + (row.extra ? JSON.stringify(row.extra).length : 0);
    if (batch.length > 0 && bytes + size > BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(row);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
