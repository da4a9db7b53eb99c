import type { EventContract, EventData } from '@gatehouse/contracts';
import { Intake, type IntakeResult, type RawMessage } from '@gatehouse/messaging';
import { type Acting, type AppName, appNames, type BaseConfig, createApp } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { AdminDatabase } from './admin.js';
import { type Caller, httpCaller } from './http.js';
import type { Group } from './regrouped.js';

/** What was delivered, for delivering it again, and what became of it. */
export interface Batch {
  readonly topic: string;
  readonly messages: readonly RawMessage[];
  readonly result: IntakeResult;
}

export interface DeliverOptions {
  /** `ce_id`; made fresh for each event otherwise. */
  readonly id?: string;
  /** The Kafka key; the event's user id otherwise. */
  readonly key?: string;
  /** In addition to, or in place of, the headers of the envelope. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One app under test: its real modules and database, its HTTP door on a free port, and Kafka's place taken by `deliver` and `told`. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  readonly url: string;
  /** The app's own: it needs `asUsers` or `asSystem`, as everywhere. */
  readonly em: EntityManager;
  /** Hands events over as Kafka would: parse → inbox → handler → commit. Throws if the app could not take them in now. */
  deliver<T extends EventData>(
    contract: EventContract<T>,
    data: z.input<T> | readonly z.input<T>[],
    options?: DeliverOptions,
  ): Promise<Batch>;
  deliverAgain(batch: Batch): Promise<Batch>;
  deliverAll(groups: readonly Group[]): Promise<void>;
  /** Writes an entity, past all policies. */
  save<T extends object>(entity: T): Promise<T>;
  /** Reads it anew by its primary key, past all policies; throws if it is gone. */
  reload<T extends object>(entity: T): Promise<T>;
  /** The data of all events of this kind that the app has told so far, oldest first. */
  told<T extends EventData>(contract: EventContract<T>): Promise<z.output<T>[]>;
  /** Requests as this user, or as somebody else, forwarded by the gateway. */
  as(who: string | Acting): Caller;
  /** Requests by a sibling app. */
  from(caller: AppName, acting: Acting): Caller;
  /** Requests without any token. */
  readonly anyone: Caller;
  close(): Promise<void>;
}

let offset = 0;

/**
 * Starts the app of the folder in which the test lies, with the options its `main.ts` gives to `start`. Nothing connects to Kafka. Closed by `close`, which a test file calls in `afterAll`.
 */
export async function startApp(module: Parameters<typeof createApp>[0], options?: Parameters<typeof createApp>[2]): Promise<TestApp> {
  const name = appUnderTest();
  const app = await createApp(module, { app: name, LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal' } as BaseConfig, options);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const em = find<EntityManager>(app, EntityManager) as EntityManager;
  const admin = em && new AdminDatabase();
  const process_ = async (topic: string, messages: readonly RawMessage[]): Promise<Batch> => {
    const result = await app.get(Intake, { strict: false }).process(topic, messages);
    if (result.stopped) throw result.stopped;
    return { topic, messages, result };
  };
  return {
    app,
    url,
    em,
    deliver: (contract, data, options) =>
      process_(
        contract.type,
        [data].flat().map((one) => record(contract, one as object, options)),
      ),
    async deliverAll(groups) {
      for (const { contract, facts } of groups) {
        const { result } = await process_(
          contract.type,
          facts.map(({ data, at }) => record(contract, data, {}, at)),
        );
        if (result.dead > 0) throw new Error(`${contract.type}: refused as a dead letter`);
      }
    },
    deliverAgain: ({ topic, messages }) => process_(topic, messages),
    save: (entity) =>
      admin.run(em, async (fork) => {
        fork.persist(entity);
        return entity;
      }),
    reload: (entity) => admin.run(em, (fork) => reload(fork, entity)),
    told: (contract) => told(admin, contract),
    as: (who) => httpCaller(url, { caller: 'gateway', to: name, acting: typeof who === 'string' ? { kind: 'user', id: who } : who }),
    from: (caller, acting) => httpCaller(url, { caller, to: name, acting }),
    anyone: httpCaller(url),
    async close() {
      await app.close();
      await admin?.close();
    },
  };
}

function appUnderTest(): AppName {
  const { testPath = '' } = (globalThis as unknown as { expect: { getState(): { testPath?: string } } }).expect.getState();
  const name = appNames.find((app) => testPath.includes(`/apps/${app}/`));
  if (!name) throw new Error('startApp is for tests below apps/<app>/');
  return name;
}

function find<T>(app: NestFastifyApplication, token: abstract new (...args: never[]) => T): T | undefined {
  try {
    return app.get(token as never, { strict: false });
  } catch {
    return undefined; // the gateway has no database
  }
}

/** A record as our relay sends it. */
function record(contract: EventContract, data: object, { id, key, headers }: DeliverOptions = {}, at = new Date()): RawMessage {
  const user = String((data as { userId?: unknown }).userId);
  const text: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: id ?? uuidv7(),
    ce_type: contract.type,
    ce_source: `gatehouse/${contract.producers[0] ?? 'upstream'}`,
    ce_subject: user,
    ce_time: at.toISOString(),
    ...headers,
  };
  return {
    partition: 0,
    offset: String(offset++),
    key: Buffer.from(key ?? user, 'utf8'),
    value: Buffer.from(JSON.stringify(data), 'utf8'),
    headers: Object.fromEntries(Object.entries(text).map(([name, value]) => [name, Buffer.from(value, 'utf8')])),
    timestamp: String(Date.now()),
  };
}

async function reload<T extends object>(em: EntityManager, entity: T): Promise<T> {
  const meta = em.getMetadata().find(entity.constructor as never);
  if (!meta) throw new Error(`${entity.constructor.name} is no entity of this app`);
  const where = Object.fromEntries(meta.primaryKeys.map((name) => [name, (entity as Record<string, unknown>)[name]]));
  return (await em.findOneOrFail(entity.constructor as never, where as never)) as T;
}

async function told<T extends EventData>(admin: AdminDatabase, contract: EventContract<T>): Promise<z.output<T>[]> {
  const { rows } = await sql<{ body: string }>`select body from outbox where topic = ${contract.type} order by seq`.execute(admin.kysely);
  return rows.map(({ body }) => contract.strict.parse(JSON.parse(body)));
}
