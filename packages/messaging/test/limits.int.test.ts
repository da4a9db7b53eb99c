import { Gauge } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { register } from 'prom-client';
import { Consumption } from '../dist/consumption.js';
import { kafkaDriver } from '../dist/kafka/kafkajs.js';
import { Keeper } from '../dist/keeper.js';
import { createTopics, env, freshName, freshUser, migrate, publish, record } from './harness.ts';
import { probe, startProbe } from './probe-app.ts';

async function measured(name: string): Promise<Record<string, number>> {
  const metric = register.getSingleMetric(name);
  if (!(metric instanceof Gauge)) throw new Error(`${name} is no gauge`);
  const { values } = await metric.get();
  return Object.fromEntries(values.map(({ labels, value }) => [labels.topic ?? '', value]));
}

describe('the lag of a group', () => {
  const name = freshName();
  const topics = [`${name}.happened`, `${name}.emptied`];
  const driver = kafkaDriver({ app: name as never, KAFKA_BROKERS: env.KAFKA_BROKERS.split(',') } as never);
  const consumption = new Consumption({ config: { app: name }, driver, handlers: { topics } } as never);
  const admin = new Kafka({ clientId: 'test', brokers: env.KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING }).admin();
  const events = (count: number) => Array.from({ length: count }, (_, n) => record(topics[0] as string, { userId: freshUser(), n }));

  beforeAll(async () => {
    await createTopics(name, 1);
    await admin.connect();
  });
  afterAll(async () => {
    await driver.close();
    await admin.disconnect();
  });

  it('leaves out what the broker has let go of before anybody read it', async () => {
    const [, emptied = ''] = topics;
    await publish(emptied, events(5));
    await admin.fetchTopicOffsets(emptied); // kafkajs deletes only in topics that it has heard of
    await admin.deleteTopicRecords({ topic: emptied, partitions: [{ partition: 0, offset: '4' }] });
    await consumption.measureLag();
    expect((await measured('messaging_consumer_lag'))[emptied]).toBe(1);
    await admin.deleteTopicRecords({ topic: emptied, partitions: [{ partition: 0, offset: '5' }] });
  });

  it('is all there is before the group reads, what is unread then, and nothing while the broker cannot be asked', async () => {
    const [happened = '', emptied = ''] = topics;
    await publish(happened, events(10));
    await consumption.measureLag();
    expect(await measured('messaging_consumer_lag')).toEqual({ [happened]: 10, [emptied]: 0 });
    await admin.setOffsets({ groupId: name, topic: happened, partitions: [{ partition: 0, offset: '7' }] });
    await consumption.measureLag();
    expect(await measured('messaging_consumer_lag')).toEqual({ [happened]: 3, [emptied]: 0 });
    expect((await measured('messaging_consumer_lag_seconds'))[happened]).toBeGreaterThan(0);
    await admin.setOffsets({ groupId: name, topic: happened, partitions: [{ partition: 0, offset: '10' }] });
    await consumption.measureLag();
    expect(await measured('messaging_consumer_lag_seconds')).toEqual({ [happened]: 0, [emptied]: 0 });
    await driver.close();
    await expect(consumption.measureLag()).rejects.toThrow();
    expect(await measured('messaging_consumer_lag')).toEqual({});
  });
});

describe('the tables of messaging', () => {
  const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL as string });
  let app: NestFastifyApplication;
  let keeper: Keeper;
  beforeAll(async () => {
    await migrate();
    app = await startProbe(probe(freshName()), env);
    keeper = new Keeper(app.get(EntityManager, { strict: false }));
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await app.close();
  });

  it('keep a dead letter for 30 days, however many there are', async () => {
    const letters = (count: number, days: number) =>
      owner.query(
        `insert into dead_letter (consumer, event_id, topic, partition, record_offset, headers, reason, class, attempts, fingerprint, at)
         select 1, gen_random_uuid(), 't', 0, 0, '{}', '', '', 1, '', now() - make_interval(days => $2) from generate_series(1, $1)`,
        [count, days],
      );
    await letters(6000, 31);
    await letters(2, 29);
    await keeper.keepPartitions();
    expect((await owner.query('select 1 from dead_letter')).rowCount).toBe(2);
  });

  it('have room in the inbox for two weeks to come, and drop the weeks that nobody asks for any more', async () => {
    await owner.query(`create table inbox_20250106 partition of inbox for values from ('2025-01-06') to ('2025-01-13')`);
    const all = (
      await owner.query<{ name: string }>(`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'inbox'::regclass`)
    ).rows;
    await owner.query(
      `drop table ${all
        .map((row) => row.name)
        .sort()
        .at(-1)}`,
    );
    await keeper.measure();
    expect((await measured('messaging_inbox_days_ahead'))['']).toBeLessThan(14);
    await keeper.keepPartitions();
    await keeper.measure();
    expect((await measured('messaging_inbox_days_ahead'))['']).toBeGreaterThanOrEqual(14);
    expect((await owner.query(`select to_regclass('inbox_20250106') as found`)).rows).toEqual([{ found: null }]);
  });

  it('are counted up to a bound only, and the age of the outbox is that of its oldest event', async () => {
    await owner.query(`insert into parked_event (consumer, topic, key, event_id, partition, record_offset, record_time, headers)
      select 1, 't', 'k', gen_random_uuid(), 0, 0, 0, '{}' from generate_series(1, 10500)`);
    await owner.query(`insert into outbox (shard, topic, event_id, created_at) values
      (3, 't', gen_random_uuid(), now() - interval '1 minute'), (9, 't', gen_random_uuid(), now() - interval '1 hour'), (9, 't', gen_random_uuid(), now())`);
    await keeper.measure();
    expect((await measured('messaging_parked_events'))['']).toBe(10_000);
    expect((await measured('messaging_dead_letters'))['']).toBe(2);
    expect(Math.round(((await measured('messaging_outbox_age_seconds'))[''] ?? 0) / 60)).toBe(60);
  });
});
