import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { defineEvent, type EventContract, type EventOf, userId } from '@gatehouse/contracts';
import {
  type BatchContext,
  MessagingModule,
  messagingTableNames,
  messagingTables,
  On,
  Outbox,
  operatorTables,
  TransientError,
} from '@gatehouse/messaging';
import { DatabaseModule, defineDatabase, ownRows } from '@gatehouse/persistence';
import { type AppName, createApp, RuntimeModule } from '@gatehouse/runtime';
import { Migration } from '@mikro-orm/migrations';
import { defineEntity, EntityManager, p } from '@mikro-orm/postgresql';
import { Controller, Module } from '@nestjs/common';
import { sql } from 'kysely';
import { EMPTY } from 'rxjs';
import { z } from 'zod';

// An app with one table, for the tests of this package: also run as a process of its own, straight by Node, so without decorator syntax.

/** What the handler does with an event. `transient` and `unknown` fail while their word is in `ill`. */
export type Act = 'type-error' | 'constraint' | 'reject' | 'transient' | 'unknown' | 'undeployed';
export const ill = new Set<Act>();
export const data = z.object({ userId, n: z.int(), act: z.string().optional() });

/** `name` sets this app's topics, group and dead letters apart from those of other test files. */
export function probe(name: string) {
  const Happened = defineEvent({ type: `${name}.happened`, producer: 'upstream', data });
  const Emptied = defineEvent({ type: `${name}.emptied`, producer: 'upstream', data });
  const Echoed = defineEvent({ type: `${name}.echoed`, producer: 'upstream', data: z.object({ userId, n: z.int() }) });
  const batches: number[][] = [];

  class ProbeConsumer {
    readonly em: EntityManager;
    readonly outbox: Outbox;
    constructor(em: EntityManager, outbox: Outbox) {
      this.em = em;
      this.outbox = outbox;
    }

    async happened(events: EventOf<EventContract<typeof data>>[], batch: BatchContext): Promise<void> {
      batches.push(events.map((event) => event.data.n));
      for (const event of events) act(event, batch);
      for (const { userId, n, act: word } of events.map((event) => event.data)) {
        if (word === 'undeployed') await sql`insert into not_migrated_yet values (1)`.execute(this.em.getKysely());
        await sql`insert into effect (user_id, n) values (${userId}, ${word === 'constraint' ? -1 : n})`.execute(this.em.getKysely());
      }
      this.outbox.addAll(
        Echoed,
        events.map((event) => ({ userId: event.data.userId, n: event.data.n })),
      );
    }

    emptied() {
      return EMPTY;
    }
  }
  Reflect.defineMetadata('design:paramtypes', [EntityManager, Outbox], ProbeConsumer);
  Controller()(ProbeConsumer);
  decorate(ProbeConsumer.prototype, 'happened', On(Happened));
  decorate(ProbeConsumer.prototype, 'emptied', On(Emptied));
  return { name, Happened, Emptied, Echoed, ProbeConsumer, batches };
}

function act({ id, data: { act: word } }: EventOf<EventContract<typeof data>>, batch: BatchContext): void {
  if (word === 'type-error') (undefined as unknown as { x: () => void }).x();
  if (word === 'reject') throw batch.reject({ id }, 'not this one');
  if (word === 'transient' && ill.has('transient')) throw new TransientError('not now');
  if (word === 'unknown' && ill.has('unknown')) throw new Error('something else');
}

// biome-ignore lint/suspicious/noExplicitAny: a decorator, called by hand
function decorate(target: object, key: string, decorator: (target: object, key: string, descriptor: any) => void): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, key) as PropertyDescriptor;
  decorator(target, key, descriptor);
}

class Migration20261121000000_init extends Migration {
  override up(): void {
    for (const statement of messagingTables('probe')) this.addSql(statement);
    this.addSql(
      `create table effect (id bigint generated always as identity primary key, user_id text not null, n int not null check (n >= 0))`,
    );
    this.addSql(`alter table effect enable row level security`);
    this.addSql(`alter table effect force row level security`);
    this.addSql(`create policy own_rows on effect to probe_app
      using (user_id in (select unnest(string_to_array(nullif(current_setting('app.user_ids', true), ''), ','))))`);
    this.addSql(`create policy system_rows on effect to probe_system using (true)`);
    this.addSql(`grant select, insert on effect to probe_app, probe_system`);
  }
}

class Migration20261122000000_operator_acts extends Migration {
  override up(): void {
    for (const statement of operatorTables('probe')) this.addSql(statement);
  }
}

const effect = defineEntity({
  name: 'Effect',
  ...ownRows('probe'),
  properties: { id: p.bigint().primary(), userId: p.string(), n: p.integer() },
});

export const database = defineDatabase({
  app: 'probe' as AppName,
  entities: [effect],
  migrations: [Migration20261121000000_init, Migration20261122000000_operator_acts],
  skipTables: messagingTableNames,
});

export interface ProbeEnv {
  DATABASE_URL: string;
  KAFKA_BROKERS: string;
  LOG_LEVEL?: string;
  FAIL_POINT?: string;
}

export async function startProbe(parts: ReturnType<typeof probe>, env: ProbeEnv) {
  const config = {
    app: parts.name as AppName,
    NODE_ENV: 'test' as const,
    PORT: 0,
    HOST: '127.0.0.1',
    PUBLIC_URL: 'http://localhost:3000',
    LOG_LEVEL: (env.LOG_LEVEL ?? 'fatal') as 'fatal',
    INTERNAL_KEY: { kty: 'OKP', crv: 'Ed25519', d: randomBytes(32).toString('base64url') }, // asked for, never used
    DATABASE_URL: env.DATABASE_URL,
    DATABASE_POOL: 8,
    KAFKA_BROKERS: env.KAFKA_BROKERS.split(','),
    FAIL_POINT: env.FAIL_POINT as 'relay.sent' | undefined,
  };
  class ProbeModule {}
  Module({
    imports: [RuntimeModule.for(config as never), DatabaseModule.for(database, config as never), MessagingModule.for(config as never)],
    controllers: [parts.ProbeConsumer],
  })(ProbeModule);
  return createApp(ProbeModule, config as never);
}
