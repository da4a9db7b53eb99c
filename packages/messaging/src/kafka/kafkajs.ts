import { log } from '@gatehouse/runtime';
import { type Admin, type Consumer, type EachBatchPayload, Kafka, type KafkaConfig, type LogEntry, logLevel, Partitioners } from 'kafkajs';
import type { PartitionEnd } from '../backlog.js';
import type { MessagingConfig } from '../messaging-env.js';
import { Connections } from './connections.js';
import type { BatchConsumer, BatchProducer, ConsumerEvents, ConsumerOptions, FetchedBatch, KafkaDriver, OutRecord } from './driver.js';
import { RecordsRefused } from './driver.js';

const logger = log('kafka');
// Always given: kafkajs has other defaults when NODE_ENV is `test`. Short waits, many of them: nothing can cancel one, so a stop has to sit it out.
const RETRY = { retries: 20, initialRetryTime: 300, maxRetryTime: 2000 };
export const SESSION_TIMEOUT_MS = 15_000;
const SEND_TIMEOUT_MS = 8000;

/** kafkajs 2.2.4 with our patches (patches/): the only file that imports it. */
export function kafkaDriver(config: MessagingConfig): KafkaDriver {
  const connections = new Connections(config.KAFKA_BROKERS);
  const kafka = new Kafka(clientOptions(config, connections));
  let admin: Promise<Admin> | undefined;
  const connected = () => {
    admin ??= connect(kafka.admin({ retry: { ...RETRY, retries: 2 } })).catch((error: unknown) => {
      admin = undefined;
      throw error;
    });
    return admin;
  };
  return {
    producer: () => producer(kafka),
    consumer: (options) => consumer(kafka, options),
    missingTopics: async (topics) => {
      const existing = new Set(await (await connected()).listTopics());
      return topics.filter((topic) => !existing.has(topic));
    },
    ends: async (groupId, topics) => {
      const client = await connected();
      try {
        return await endsOf(client, groupId, topics);
      } catch (error) {
        admin = undefined; // its picture of who leads what may be old, and it would keep it for minutes
        await client.disconnect().catch(() => undefined);
        throw error;
      }
    },
    deleteGroup: async (groupId) => {
      await (await connected()).deleteGroups([groupId]);
    },
    close: async () => {
      connections.cut();
      await (await admin?.catch(() => undefined))?.disconnect();
    },
  };
}

function clientOptions({ app, KAFKA_USERNAME, KAFKA_PASSWORD }: MessagingConfig, connections: Connections): KafkaConfig {
  const signIn = KAFKA_USERNAME && KAFKA_PASSWORD ? { username: KAFKA_USERNAME, password: KAFKA_PASSWORD } : undefined;
  return {
    clientId: app,
    brokers: () => connections.brokers(),
    socketFactory: (to) => connections.open(to),
    retry: RETRY,
    connectionTimeout: 3000,
    requestTimeout: 20_000,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      if (!connections.isCut) logged(entry);
    },
    ...(signIn && { ssl: true, sasl: { mechanism: 'scram-sha-512' as const, ...signIn } }),
  };
}

const HARMLESS = [
  // Endless retries, which it asks for, would outlive our lease of the shard. We do not lean on the guarantee it means: after an error the
  // relay takes a new producer and sends again, and every inbox passes over the repeat.
  { message: /^Producer: Limiting retries for the idempotent producer/, error: /^$/ },
  // A broker that has just started says so until its coordinator is loaded; kafkajs asks again by itself.
  { message: /^Connection: Response InitProducerId\(/, error: /coordinator is (loading|not available)/i },
];

/** Its messages only: what it logs beside them holds records. */
function logged({ level, namespace, log: { message, error } }: LogEntry): void {
  const text = `${namespace}: ${message}`;
  if (HARMLESS.some((known) => known.message.test(text) && known.error.test(String(error ?? '')))) logger.debug(text);
  else if (level === logLevel.ERROR) logger.error(text);
  else if (level === logLevel.WARN) logger.warn(text);
  else logger.debug(text);
}

async function endsOf(admin: Admin, groupId: string, topics: readonly string[]): Promise<PartitionEnd[]> {
  const committed = new Map<string, number>();
  for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics: [...topics] }))
    for (const { partition, offset } of partitions) committed.set(`${topic}/${partition}`, Number(offset)); // -1: never
  const ends: PartitionEnd[] = [];
  for (const topic of topics)
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      const position = Math.max(committed.get(`${topic}/${partition}`) ?? -1, Number(low));
      ends.push({ topic, partition, position, end: Number(high) });
    }
  return ends;
}

async function connect(admin: Admin): Promise<Admin> {
  await admin.connect();
  return admin;
}

async function producer(kafka: Kafka): Promise<BatchProducer> {
  const client = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner, // murmur2, as Java clients: one key, one partition, whoever publishes
    retry: { ...RETRY, retries: 5 },
  });
  await client.connect();
  return {
    async send(records) {
      try {
        await client.sendBatch({ acks: -1, timeout: SEND_TIMEOUT_MS, topicMessages: byTopic(records) });
      } catch (error) {
        throw isRefusal(error) ? new RecordsRefused((error as Error).message) : error;
      }
    },
    close: () => client.disconnect(),
  };
}

function byTopic(records: readonly OutRecord[]) {
  const topics = new Map<
    string,
    { key: Buffer | string | null; value: Buffer | string | null; headers: Record<string, Buffer | string> }[]
  >();
  for (const { topic, key, value, headers } of records) {
    const message = { key, value, headers: headers as Record<string, Buffer | string> };
    const list = topics.get(topic);
    if (list) list.push(message);
    else topics.set(topic, [message]);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

const REFUSED = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP', 'POLICY_VIOLATION']);

function isRefusal(error: unknown): boolean {
  for (let next = error as { type?: string; cause?: unknown } | undefined; next; next = next.cause as typeof next) {
    if (next.type && REFUSED.has(next.type)) return true;
  }
  return false;
}

function consumer(kafka: Kafka, { groupId, fromBeginning, partitionsAtOnce }: ConsumerOptions): BatchConsumer {
  const client = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: 3000,
    rebalanceTimeout: 20_000,
    maxBytesPerPartition: 1_048_576,
    maxWaitTimeInMs: 250, // also how long an all-paused consumer sleeps between heartbeats
    allowAutoTopicCreation: false,
    retry: RETRY,
  });
  return {
    async run(topics, onBatch, events) {
      listen(client, events);
      await client.connect();
      await client.subscribe({ topics: [...topics], fromBeginning });
      await client.run({
        autoCommit: true,
        autoCommitInterval: 1000, // without it commitOffsetsIfNecessary() does nothing
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitionsAtOnce,
        eachBatch: (payload) => onBatch(fetched(payload)),
      });
    },
    resume: (partitions) => {
      const topics = partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] }));
      if (topics.length > 0) client.resume(topics);
    },
    close: () => client.disconnect(),
  };
}

function listen(client: Consumer, events: ConsumerEvents): void {
  client.on(client.events.GROUP_JOIN, () => events.joined());
  client.on(client.events.FETCH, () => events.fetched());
  client.on(client.events.CRASH, ({ payload }) => events.crashed(payload.error, payload.restart));
}

function fetched({ batch, ...payload }: EachBatchPayload): FetchedBatch {
  const { topic, partition } = batch;
  return {
    topic,
    partition,
    messages: batch.messages.map(({ offset, key, value, headers, timestamp }) => ({
      partition,
      offset,
      key,
      value,
      headers: headers ?? {},
      timestamp,
    })),
    resolve: (offset) => payload.resolveOffset(offset),
    commit: () => payload.commitOffsetsIfNecessary(),
    heartbeat: () => payload.heartbeat(),
    pause: () => {
      payload.pause();
    },
    isRunning: () => payload.isRunning(),
    isStale: () => payload.isStale(),
  };
}
