import type { PartitionEnd } from '../backlog.js';
import type { RawHeader, RawMessage } from '../raw-message.js';

/** All that we ask of a Kafka client. No type of the client in use leaves this folder. */
export interface KafkaDriver {
  /** Connected; idempotent, acks from all in-sync replicas, one request in flight. After an error it is thrown away for a new one. */
  producer(): Promise<BatchProducer>;
  consumer(options: ConsumerOptions): BatchConsumer;
  /** Those of these topics that do not exist. */
  missingTopics(topics: readonly string[]): Promise<string[]>;
  /** Where the group stands, for each partition of these topics, as committed; the beginning where it never was. */
  ends(groupId: string, topics: readonly string[]): Promise<PartitionEnd[]>;
  deleteGroup(groupId: string): Promise<void>;
  /** The end: open connections are cut and none is made any more, so whatever still waits for the broker fails, within two seconds. */
  close(): Promise<void>;
}

export interface OutRecord {
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: Readonly<Record<string, RawHeader>>;
}

export interface BatchProducer {
  /** Resolves when all are acknowledged. `RecordsRefused`: the broker will never take one of them; any other error: unknown which arrived. */
  send(records: readonly OutRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** The broker refuses a record for itself (too large, not valid): sending it again cannot help. */
export class RecordsRefused extends Error {
  override readonly name = 'RecordsRefused';
}

export interface ConsumerOptions {
  readonly groupId: string;
  readonly fromBeginning: boolean;
  readonly partitionsAtOnce: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Records of one partition, while its callback runs. */
export interface FetchedBatch extends TopicPartition {
  readonly messages: readonly RawMessage[];
  /** All up to this offset is settled; it will be committed. */
  resolve(offset: string): void;
  /** Commits what is resolved, at most once a second. */
  commit(): Promise<void>;
  /** Throws when the group rebalances. */
  heartbeat(): Promise<void>;
  pause(): void;
  isRunning(): boolean;
  isStale(): boolean;
}

export interface ConsumerEvents {
  joined(): void;
  fetched(): void;
  /** `restarts`: the client will join again by itself. */
  crashed(error: Error, restarts: boolean): void;
}

export interface BatchConsumer {
  /** `onBatch` must never throw: what leaves it stops the consumer, for some errors for good. */
  run(topics: readonly string[], onBatch: (batch: FetchedBatch) => Promise<void>, events: ConsumerEvents): Promise<void>;
  resume(partitions: readonly TopicPartition[]): void;
  /** Commits and leaves the group. */
  close(): Promise<void>;
}
