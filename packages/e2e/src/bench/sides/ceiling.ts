import { randomUUID } from 'node:crypto';
import { smallints, texts, uuids } from '@gatehouse/persistence';
import { type EachBatchPayload, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import pg from 'pg';
import { type SideSettings, settings, shardOf, TOPIC } from './settings.js';

/** The least that can be done with these events: no framework, no check, no retry, one statement a chunk, parameters in binary. */
const { brokers, databaseUrl, group, partitionsAtOnce, inbox, chunk } = settings<SideSettings & { inbox: boolean; chunk: number }>();

const ENTITIES = 'insert into composio_entity (user_id, created_at) select u, now() from unnest($1::text[]) u';
const OUTBOX = `insert into outbox (shard, topic, key, event_id, trace, body)
  select s, 'entity.created', u, i, t, b from unnest($2::int2[], $1::text[], $3::uuid[], $4::text[], $5::text[]) as r(s, u, i, t, b)`;
const INBOX = 'insert into inbox (consumer, event_id, event_day) select 1, i, d::date from unnest($6::uuid[], $7::text[]) as r(i, d)';
const text = inbox ? `with e as (${ENTITIES}), i as (${INBOX}) ${OUTBOX}` : `with e as (${ENTITIES}) ${OUTBOX}`;

const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
const kafka = new Kafka({ clientId: 'ceiling', brokers: brokers.split(','), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 250, allowAutoTopicCreation: false });

async function write(messages: readonly KafkaMessage[]): Promise<void> {
  const users = messages.map(({ key }) => key?.toString('latin1') ?? '');
  const values: unknown[] = [
    texts(users),
    smallints(users.map(shardOf)),
    uuids(users.map(() => randomUUID())),
    texts(messages.map(({ headers }) => headers?.traceparent?.toString('latin1') ?? null)),
    texts(users.map((user) => JSON.stringify({ userId: user, entityId: user }))),
  ];
  if (inbox) {
    values.push(uuids(messages.map(({ headers }) => headers?.ce_id?.toString('latin1') ?? '')));
    values.push(texts(messages.map(({ headers }) => headers?.ce_time?.toString('latin1').slice(0, 10) ?? '')));
  }
  await pool.query({ name: 'write', text, values });
}

async function take({ batch, resolveOffset, commitOffsetsIfNecessary, isRunning, isStale }: EachBatchPayload): Promise<void> {
  for (let from = 0; from < batch.messages.length && isRunning() && !isStale(); from += chunk) {
    const part = batch.messages.slice(from, from + chunk);
    await write(part);
    resolveOffset(part.at(-1)?.offset ?? '');
    await commitOffsetsIfNecessary();
  }
}

await consumer.connect();
await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
await consumer.run({
  autoCommitInterval: 1000,
  eachBatchAutoResolve: false,
  partitionsConsumedConcurrently: partitionsAtOnce,
  eachBatch: take,
});
process.once('SIGTERM', () => process.exit(0));
