import { randomBytes, randomUUID } from 'node:crypto';
import type { RawMessage } from '@gatehouse/messaging';
import { applyMigrations, asSystem } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import { type RawBuilder, sql } from 'kysely';
import { database } from './probe-app.ts';

const { DATABASE_URL = '', MIGRATION_DATABASE_URL = '', KAFKA_BROKERS = '' } = process.env;
export const env = { DATABASE_URL, KAFKA_BROKERS };

export const migrate = () => applyMigrations(database, MIGRATION_DATABASE_URL);
/** Topics and group of a test of its own. */
export const freshName = () => `probe-${randomBytes(4).toString('hex')}`;
export const freshUser = () => `usr_${randomUUID()}`;

const kafka = () => new Kafka({ clientId: 'test', brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING, retry: { retries: 8 } });

export async function createTopics(name: string, partitions = 3): Promise<void> {
  const admin = kafka().admin();
  await admin.connect();
  const topics = [`${name}.happened`, `${name}.emptied`, `${name}.echoed`].map((topic) => ({ topic, numPartitions: partitions }));
  const dead = { topic: `${name}.dead-letters`, numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '2097152' }] };
  await admin.createTopics({ waitForLeaders: true, topics: [...topics, dead] });
  await admin.disconnect();
}

export async function publish(topic: string, messages: Message[]): Promise<void> {
  const producer = kafka().producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
}

/** Collects a topic from its beginning until stopped. */
export async function collect(topic: string): Promise<{ records: Message[]; stop(): Promise<void> }> {
  const consumer = kafka().consumer({ groupId: `collect-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const records: Message[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      records.push(message as Message);
    },
  });
  return { records, stop: () => consumer.disconnect() };
}

/** What is committed of a topic, over all its partitions. */
export async function committed(groupId: string, topic: string): Promise<number> {
  const admin = kafka().admin();
  await admin.connect();
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
  await admin.disconnect();
  return (found?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

export interface Happening {
  userId: string;
  n: number;
  act?: string;
}

/** A record as our relay would send it; `headers` and `value` replace what they name. */
export function record(
  topic: string,
  data: Happening,
  { id = randomUUID(), headers = {}, value }: { id?: string; headers?: Record<string, string | undefined>; value?: Buffer | string } = {},
): Message & { headers: Record<string, string> } {
  const all: Record<string, string | undefined> = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: topic,
    ce_source: 'gatehouse/identity',
    ce_subject: data.userId,
    ce_time: new Date().toISOString(),
    'content-type': 'application/json',
    ...headers,
  };
  const kept = Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return { key: data.userId, value: value ?? JSON.stringify(data), headers: kept };
}

let offset = 0;
export const raw = ({ key, value, headers }: Message): RawMessage => ({
  partition: 0,
  offset: String(offset++),
  key: key === null || key === undefined ? null : Buffer.from(key as string),
  value: value === null ? null : Buffer.isBuffer(value) ? value : Buffer.from(value),
  headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, Buffer.from(text as string)])),
  timestamp: String(Date.now()),
});

/** Reads and arranges as the app's system role. */
export async function query<T>(app: NestFastifyApplication, statement: RawBuilder<T>): Promise<T[]> {
  const em = app.get(EntityManager, { strict: false });
  return asSystem(em, () => em.transactional(async () => (await statement.execute(em.getKysely())).rows));
}

/** The `n` of each user's effects, in the order in which they were written. */
export async function effects(app: NestFastifyApplication): Promise<Record<string, number[]>> {
  const rows = await query(app, sql<{ user_id: string; n: number }>`select user_id, n from effect order by id`);
  const byUser: Record<string, number[]> = {};
  for (const { user_id, n } of rows) byUser[user_id] = [...(byUser[user_id] ?? []), n];
  return byUser;
}

/** Makes all parked keys due and tries them once. */
export async function unpark(app: NestFastifyApplication): Promise<void> {
  await query(app, sql`update parked_key set not_before = now() - interval '1 s', lease_until = null`);
  const { Unparker } = await import('../dist/unparker.js');
  await app.get(Unparker, { strict: false }).round();
}
