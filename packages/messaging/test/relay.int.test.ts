import { randomUUID } from 'node:crypto';
import { Outbox } from '@gatehouse/messaging';
import { asUsers } from '@gatehouse/persistence';
import { eventually } from '@gatehouse/testing';
import { EntityManager } from '@mikro-orm/postgresql';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sql } from 'kysely';
import { shardOf } from '../src/shard.ts';
import { env, freshName, freshUser, migrate, query } from './harness.ts';
import { probe, startProbe } from './probe-app.ts';

type RelayModule = typeof import('../src/relay.ts');
type DriverModule = typeof import('../src/kafka/driver.ts');
type OutRecord = import('../src/kafka/driver.ts').OutRecord;

describe('when the outbox is sent', () => {
  const parts = probe(freshName());
  let app: NestFastifyApplication;
  let em: EntityManager;
  let Relay: RelayModule['Relay'];
  let RecordsRefused: DriverModule['RecordsRefused'];

  beforeAll(async () => {
    await migrate();
    app = await startProbe(parts, env);
    em = app.get(EntityManager, { strict: false });
    // Of the built package, as the app itself: a second copy would register its metrics twice.
    ({ Relay } = (await import('../dist/relay.js')) as unknown as RelayModule);
    ({ RecordsRefused } = (await import('../dist/kafka/driver.js')) as unknown as DriverModule);
  });
  afterAll(() => app.close());
  beforeEach(() =>
    query(
      app,
      sql`with a as (delete from outbox), b as (delete from outbox_stuck), c as (delete from outbox_relay)
    update outbox_shard set owner = null, lease_until = null`,
    ),
  );

  const tell = (userId: string, ...numbers: number[]) =>
    asUsers(em, [userId], () =>
      em.transactional(async () =>
        app.get(Outbox).addAll(
          parts.Echoed,
          numbers.map((n) => ({ userId, n })),
        ),
      ),
    );
  const waiting = () =>
    query(app, sql<{ n: number }>`select (body::jsonb->>'n')::int as n from outbox order by seq`).then((rows) => rows.map(({ n }) => n));
  const numbersOf = (records: readonly OutRecord[]) => records.map(({ value }) => JSON.parse(String(value)).n);

  /** A relay over a broker that is a list; `send` may say no. */
  function relay(send: (records: readonly OutRecord[]) => Promise<void> | void = () => undefined, leaseMs?: number) {
    const sent: OutRecord[] = [];
    let producers = 0;
    const driver = {
      producer: async () => {
        producers++;
        return {
          send: async (records: readonly OutRecord[]) => {
            await send(records);
            sent.push(...records);
          },
          close: async () => undefined,
        };
      },
    };
    const made = new Relay(em, driver, { app: 'probe', ...(leaseMs && { leaseMs }) }, randomUUID());
    return { relay: made, sent, producers: () => producers };
  }

  it('sends what was committed, in order, and nothing of what was rolled back', async () => {
    const user = freshUser();
    await tell(user, 1, 2);
    const failing = asUsers(em, [user], () =>
      em.transactional(async () => {
        app.get(Outbox).add(parts.Echoed, { userId: user, n: 3 });
        throw new Error('no');
      }),
    );
    await expect(failing).rejects.toThrow('no');
    await tell(user, 4);
    const { relay: one, sent } = relay();
    expect(await one.round()).toBe(3);
    expect(numbersOf(sent)).toEqual([1, 2, 4]);
    expect(sent[0]).toMatchObject({ topic: parts.Echoed.type, key: user, headers: { ce_subject: user, ce_source: 'gatehouse/probe' } });
    expect(await waiting()).toEqual([]);
  });

  it('refuses events outside of a transaction and data that does not fit', async () => {
    const user = freshUser();
    const outbox = app.get(Outbox);
    expect(() => outbox.add(parts.Echoed, { userId: user, n: 1 })).toThrow('outside of a transaction');
    const bad = (data: object) => asUsers(em, [user], () => em.transactional(async () => outbox.add(parts.Echoed, data as never)));
    await expect(bad({ userId: user, n: 1, more: true })).rejects.toThrow('does not fit');
    await expect(bad({ userId: user, n: 'one' })).rejects.toThrow('does not fit');
  });

  it('keeps rows whose sending failed, and sends them again with a new producer', async () => {
    const user = freshUser();
    await tell(user, 1, 2);
    let broken = true;
    const {
      relay: one,
      sent,
      producers,
    } = relay(() => {
      if (broken) throw new Error('broker away');
    });
    await expect(one.round()).rejects.toThrow('broker away');
    expect(await waiting()).toEqual([1, 2]);
    broken = false;
    one.start();
    await eventually(async () => expect(await waiting()).toEqual([]));
    await one.stop();
    expect(numbersOf(sent)).toEqual([1, 2]);
    expect(producers()).toBe(1);
  });

  it('shares the shards out, and hands them on', async () => {
    const [one, two] = [relay(), relay()];
    await one.relay.leases.renew();
    expect(one.relay.leases.current).toHaveLength(16);
    await two.relay.leases.renew();
    expect(two.relay.leases.current).toHaveLength(0); // none is free, but it has been seen
    await one.relay.leases.renew();
    await two.relay.leases.renew();
    expect([one, two].map(({ relay: { leases } }) => leases.current.length)).toEqual([8, 8]);
    await one.relay.stop();
    await two.relay.leases.renew();
    expect(two.relay.leases.current).toHaveLength(16);
  });

  it('takes nothing out of a shard that went to another relay while it was sending', async () => {
    await tell(freshUser(), 1);
    const heir = relay();
    const late = relay(async () => {
      await query(app, sql`with gone as (delete from outbox_relay) update outbox_shard set lease_until = now() - interval '1 s'`);
      await heir.relay.leases.renew();
    });
    await late.relay.round();
    expect(numbersOf(late.sent)).toEqual([1]);
    expect(await waiting()).toEqual([1]);
    await heir.relay.round();
    expect(numbersOf(heir.sent)).toEqual([1]);
    expect(await waiting()).toEqual([]);
  });

  it('sends nothing once its own lease is over', async () => {
    await tell(freshUser(), 1);
    const { relay: one, sent } = relay(undefined, 1);
    await one.leases.renew();
    await eventually(() => expect(one.leases.current).toEqual([]));
    expect(await one.round()).toBe(0);
    expect(sent).toEqual([]);
  });

  it('puts aside what the broker refuses: its key waits, others go on', async () => {
    const [sick, well] = [freshUser(), freshUser()];
    await tell(sick, 1, 2, 3);
    await tell(well, 4, 5);
    const { relay: one, sent } = relay((records) => {
      if (numbersOf(records).includes(2)) throw new RecordsRefused('MESSAGE_TOO_LARGE');
    });
    while ((await one.round()) > 0 || sent.length < 3);
    expect(numbersOf(sent).sort()).toEqual([1, 4, 5]);
    expect(await waiting()).toEqual([3]);
    expect(await query(app, sql`select error from outbox_stuck`)).toEqual([{ error: 'MESSAGE_TOO_LARGE' }]);
  });

  it('loses no row of a slow transaction that began before a fast one', async () => {
    const user = freshUser();
    const { relay: one, sent } = relay();
    const { promise: until, resolve: finish } = Promise.withResolvers<void>();
    const { promise: began, resolve: begun } = Promise.withResolvers<void>();
    const slow = asUsers(em, [user], () =>
      em.transactional(async () => {
        await sql`insert into outbox (shard, topic, key, event_id, body)
          values (${shardOf(user)}, ${parts.Echoed.type}, ${user}, gen_random_uuid(), '{"n":1}')`.execute(em.getKysely());
        begun();
        await until;
      }),
    );
    await began;
    await tell(user, 2);
    await one.round();
    expect(numbersOf(sent)).toEqual([2]);
    finish();
    await slow;
    await one.round();
    expect(numbersOf(sent)).toEqual([2, 1]);
  });

  it('lets the app write events and read none', async () => {
    const user = freshUser();
    const asApp = (statement: ReturnType<typeof sql>) =>
      asUsers(em, [user], () => em.transactional(() => statement.execute(em.getKysely())));
    for (const table of ['outbox', 'outbox_stuck', 'outbox_shard', 'outbox_relay', 'dead_letter', 'parked_event']) {
      await expect(asApp(sql`select * from ${sql.table(table)}`)).rejects.toThrow(/permission denied/);
    }
    await expect(asApp(sql`delete from inbox`)).rejects.toThrow(/permission denied/);
    await expect(asApp(sql`delete from parked_key`)).rejects.toThrow(/permission denied/);
    await expect(asApp(sql`select inbox_make_partitions()`)).rejects.toThrow(/permission denied/);
    await expect(asApp(sql`select inbox_drop_partitions()`)).rejects.toThrow(/permission denied/);
  });

  it('keeps the partitions of the inbox: five weeks back, two ahead, none older', async () => {
    const days = () =>
      query(
        app,
        sql<{ name: string }>`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'inbox'::regclass order by 1`,
      ).then((rows) => rows.map(({ name }) => name));
    const before = await days();
    expect(before.length).toBeGreaterThanOrEqual(8);
    await query(app, sql`select inbox_make_partitions()`);
    await query(app, sql`select inbox_drop_partitions()`);
    expect(await days()).toEqual(before);
  });
});
