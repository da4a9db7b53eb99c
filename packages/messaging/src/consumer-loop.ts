import { log } from '@gatehouse/runtime';
import { cut } from './cut.js';
import type { FloodGuard } from './flood-guard.js';
import { Gate } from './gates.js';
import { FloodError, type Intake, type IntakeResult } from './intake.js';
import type { BatchConsumer, FetchedBatch, TopicPartition } from './kafka/driver.js';
import type { RawMessage } from './raw-message.js';

const logger = log('consumer');
const CHUNK_EVENTS = 1000;
const CHUNK_BYTES = 1_048_576;
const HEARTBEAT_MS = 1000;

interface Around {
  readonly flood: FloodGuard;
  /** Throws while the database does not answer. */
  readonly probe: () => Promise<void>;
  readonly committed?: (() => void) | undefined;
}

/**
 * One callback a partition, chunk after chunk: offsets are resolved after the database has committed and never beyond the first record
 * that is not settled. It never waits inside a callback, since that would hold up the other partitions and every rebalance: what cannot
 * go on is paused and comes again.
 */
export class ConsumerLoop {
  /** When something was last fetched or finished, in milliseconds since 1970. */
  progressAt = Date.now();
  private readonly topicGates = new Map<string, Gate>();
  private readonly paused = new Map<string, TopicPartition>();
  private readonly running = new Set<Promise<void>>();
  private draining = false;
  private readonly database: Gate;

  constructor(
    private readonly intake: Pick<Intake, 'process'>,
    private readonly consumer: Pick<BatchConsumer, 'resume'>,
    private readonly around: Around,
  ) {
    this.database = new Gate('database', around.probe, () => this.resume());
  }

  /** Why nothing is consumed now; undefined while something is. */
  get closed(): string | undefined {
    return this.database.closed;
  }

  /** kafkajs loses pauses when it restarts, so the gates are asked first, each time. */
  onBatch(batch: FetchedBatch): Promise<void> {
    if (this.draining) return Promise.resolve();
    const run = this.take(batch)
      .catch((error: unknown) => this.giveBack(batch, error instanceof Error ? error : new Error(String(error))))
      .finally(() => this.running.delete(run));
    this.running.add(run);
    return run;
  }

  /** Takes nothing new and waits for what runs, at most so long. */
  async drain(limitMs: number): Promise<void> {
    this.draining = true;
    this.database.stop();
    for (const gate of this.topicGates.values()) gate.stop();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([Promise.all(this.running), late]);
    clearTimeout(timer);
  }

  private async take(batch: FetchedBatch): Promise<void> {
    if (this.isClosed(batch.topic)) return this.pause(batch);
    let rebalance = false;
    const heartbeat = setInterval(() => {
      batch.heartbeat().catch(() => {
        rebalance = true;
      });
    }, HEARTBEAT_MS);
    try {
      for (const chunk of cut<RawMessage>(batch.messages, CHUNK_EVENTS, CHUNK_BYTES)) {
        if (!batch.isRunning() || batch.isStale() || rebalance || this.draining) return;
        const result = await this.intake.process(batch.topic, chunk);
        this.progressAt = Date.now();
        this.around.committed?.();
        if (result.prefix !== undefined) batch.resolve(result.prefix);
        if (result.stopped) return this.giveBack(batch, result.stopped);
        this.noteWork(batch.topic, result);
        // kafkajs commits once more when the callback returns; a rebalance or a broker that is away shows there.
        await batch.commit().catch(() => undefined);
      }
    } finally {
      clearInterval(heartbeat);
    }
  }

  private noteWork(topic: string, { done, repeated }: IntakeResult): void {
    this.database.worked();
    if (done + repeated > 0) this.topicGates.get(topic)?.worked();
  }

  private giveBack(batch: FetchedBatch, error: Error): void {
    if (error instanceof FloodError) this.topicGate(batch.topic).close(error);
    else this.database.close(error);
    this.pause(batch);
  }

  private isClosed(topic: string): boolean {
    return this.database.closed !== undefined || this.topicGates.get(topic)?.closed !== undefined;
  }

  private topicGate(topic: string): Gate {
    const known = this.topicGates.get(topic);
    if (known) return known;
    const hasRoom = async () => {
      if (this.around.flood.room(topic) === 0) throw new Error('still too many dead letters');
    };
    const gate = new Gate(topic, hasRoom, () => this.resume());
    this.topicGates.set(topic, gate);
    return gate;
  }

  private pause(batch: FetchedBatch): void {
    const { topic, partition } = batch;
    this.paused.set(`${topic}/${partition}`, { topic, partition });
    batch.pause();
    // The gate may have opened between its closing and this pause; nobody else would come by to resume.
    if (!this.isClosed(topic)) this.resume();
  }

  private resume(): void {
    const open = [...this.paused].filter(([, { topic }]) => !this.isClosed(topic));
    for (const [id] of open) this.paused.delete(id);
    try {
      this.consumer.resume(open.map(([, partition]) => partition));
    } catch (error) {
      logger.debug({ err: error }, 'nothing to resume: the consumer is joining anew');
    }
  }
}
