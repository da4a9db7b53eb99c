import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, KafkaContext, type MicroserviceOptions, Payload, Transport } from '@nestjs/microservices';
import { type SideSettings, settings, shardOf, TOPIC } from './settings.js';

/** What the manuals of NestJS and MikroORM lead to: one handler a message, one flush each; no inbox, so a redelivery is a failure. */
const { brokers, databaseUrl, group, partitionsAtOnce } = settings<SideSettings>();

const entity = defineEntity({
  name: 'ComposioEntity',
  properties: { userId: p.string().primary(), createdAt: p.datetime().onCreate(() => new Date()), deletedAt: p.datetime().nullable() },
});
class ComposioEntity extends entity.class {}
entity.setClass(ComposioEntity);

const row = defineEntity({
  name: 'Outbox',
  properties: {
    seq: p.bigint().primary().autoincrement(),
    shard: p.smallint(),
    topic: p.text(),
    key: p.text(),
    eventId: p.uuid(),
    trace: p.text().nullable(),
    body: p.text(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});
class Outbox extends row.class {}
row.setClass(Outbox);

const orm = await MikroORM.init({ clientUrl: databaseUrl, entities: [ComposioEntity, Outbox], pool: { min: 0, max: 10 }, colors: false });

@Controller()
class Users {
  @EventPattern<string>(TOPIC)
  async userCreated(@Payload() { userId }: { userId: string }, @Ctx() context: KafkaContext): Promise<void> {
    const trace = context.getMessage().headers?.traceparent?.toString() ?? null;
    const em = orm.em.fork();
    em.create(ComposioEntity, { userId });
    const body = JSON.stringify({ userId, entityId: userId });
    em.create(Outbox, { shard: shardOf(userId), topic: 'entity.created', key: userId, eventId: randomUUID(), trace, body });
    await em.flush();
  }
}

@Module({ controllers: [Users] })
class Stock {}

const app = await NestFactory.createMicroservice<MicroserviceOptions>(Stock, {
  logger: ['error', 'warn'],
  transport: Transport.KAFKA,
  options: {
    client: { clientId: 'stock', brokers: brokers.split(',') },
    consumer: { groupId: group, allowAutoTopicCreation: false },
    subscribe: { fromBeginning: true },
    // Absent, so that the first side runs with what it comes with: one partition at a time.
    ...(partitionsAtOnce > 1 && { run: { partitionsConsumedConcurrently: partitionsAtOnce } }),
  },
});
await app.listen();
process.once('SIGTERM', () => process.exit(0));
