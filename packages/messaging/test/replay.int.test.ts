import { randomUUID } from 'node:crypto';
import { bodyOf, DropLetters, FindLetters, Intake, ListParked, ReplayLetters } from '@gatehouse/messaging';
import { asSystem } from '@gatehouse/persistence';
import { eventually } from '@gatehouse/testing';
import { EntityManager } from '@mikro-orm/postgresql';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Message } from 'kafkajs';
import { sql } from 'kysely';
import { effects, env, freshName, freshUser, migrate, query, raw, record, unpark } from './harness.ts';
import { ill, probe, startProbe } from './probe-app.ts';

const operator = { by: 'olga', note: 'the cause is gone' };

describe('when an operator looks after dead letters', () => {
  const parts = probe(freshName());
  const topic = parts.Happened.type;
  let app: NestFastifyApplication;
  const use = <T>(Deed: new (em: EntityManager) => T): T => new Deed(app.get(EntityManager, { strict: false }));
  const take = (...messages: Message[]) => app.get(Intake, { strict: false }).process(topic, messages.map(raw));
  const replay = (id: string) => use(ReplayLetters).execute([id], operator);
  const letter = (id: string) => use(FindLetters).one(id);
  const outcomes = async (id: string) =>
    (await query(app, sql<{ outcome: number }>`select outcome from inbox where event_id = ${id}`)).map(({ outcome }) => outcome);
  const told = (user: string) =>
    query(app, sql<{ topic: string }>`select topic from outbox where key = ${user} order by seq`).then((rows) =>
      rows.map((row) => row.topic.replace(`${parts.name}.`, '')),
    );
  /** A valid event that dies for a reason which can pass: the handler's fault, which `ill` switches on and off. */
  const dies = async (user = freshUser(), n = 1) => {
    ill.add('unknown');
    const id = randomUUID();
    const message = record(topic, { userId: user, n, act: 'unknown' }, { id });
    await take(message);
    ill.delete('unknown');
    return { id, user, message };
  };

  beforeAll(async () => {
    await migrate();
    app = await startProbe(parts, env);
  });
  afterAll(() => app.close());
  beforeEach(() => ill.clear());

  it('replays one: the effect is there once, and a second replay does nothing and says so', async () => {
    const { id, user, message } = await dies();
    expect(await outcomes(id)).toEqual([1]);
    expect(await replay(id)).toEqual([{ eventId: id, outcome: 'queued', says: 'queued' }]);
    expect(await replay(id)).toMatchObject([{ outcome: 'nothing', says: expect.stringContaining('it waits in the queue of its key') }]);
    expect(await outcomes(id)).toEqual([1]); // only handling it makes it done
    await unpark(app);
    expect((await effects(app))[user]).toEqual([1]);
    expect(await outcomes(id)).toEqual([0]);
    expect(await letter(id)).toBeUndefined();
    expect(await told(user)).toEqual(['dead-letters', 'echoed']);
    expect(await replay(id)).toMatchObject([{ outcome: 'nothing', says: expect.stringMatching(/^it is done: olga replayed it at 20/) }]);
    // Not even one that stands in the queue: what is done is done.
    await query(
      app,
      sql`with k as (insert into parked_key (consumer, topic, key, not_before) values (1, ${topic}, ${user}, now()))
      insert into parked_event (consumer, topic, key, event_id, partition, record_offset, record_time, headers, body, replay)
      values (1, ${topic}, ${user}, ${id}, 0, 0, 0, ${JSON.stringify(message.headers)}::jsonb, ${message.value as string}::text::bytea, true)`,
    );
    await unpark(app);
    expect(await query(app, sql`select from parked_event where key = ${user}`)).toEqual([]);
    expect(await take(message)).toMatchObject({ done: 0, repeated: 1 });
    expect((await effects(app))[user]).toEqual([1]);
  });

  it('makes one that fails again a dead letter again, which can be replayed again', async () => {
    const { id, user } = await dies();
    ill.add('unknown');
    await replay(id);
    await unpark(app);
    expect(await outcomes(id)).toEqual([1]);
    expect(await letter(id)).toMatchObject({ code: 'unclassified', replays: 1, acts: [{ by: 'olga', note: 'the cause is gone' }] });
    expect(await told(user)).toEqual(['dead-letters', 'dead-letters']);
    ill.clear();
    expect(await replay(id)).toMatchObject([{ outcome: 'queued' }]);
    await unpark(app);
    expect((await effects(app))[user]).toEqual([1]);
    expect(await told(user)).toEqual(['dead-letters', 'dead-letters', 'echoed']);
  });

  it('takes a copy that Kafka delivers in between for what it is, once', async () => {
    const { id, user, message } = await dies();
    await replay(id);
    expect(await take(message)).toMatchObject({ done: 0, dead: 0 });
    await unpark(app);
    await take(message);
    expect((await effects(app))[user]).toEqual([1]);
    // A copy of a dead one that waits behind a parked key is no replay: nobody asked for it.
    const other = await dies();
    ill.add('transient');
    await take(record(topic, { userId: other.user, n: 5, act: 'transient' }), other.message);
    ill.clear();
    await unpark(app);
    expect((await effects(app))[other.user]).toEqual([5]);
    expect(await outcomes(other.id)).toEqual([1]);
  });

  it('queues it behind the events of its key that are parked', async () => {
    const { id, user } = await dies(undefined, 1);
    ill.add('transient');
    await take(record(topic, { userId: user, n: 2, act: 'transient' }), record(topic, { userId: user, n: 3 }));
    expect(await replay(id)).toMatchObject([{ outcome: 'queued', says: 'queued behind 2 events of its key' }]);
    await take(record(topic, { userId: user, n: 4 }));
    await unpark(app);
    expect((await effects(app))[user]).toBeUndefined();
    const [parked] = (await use(ListParked).execute(100)).items.filter(({ key }) => key === user);
    expect(parked).toMatchObject({ topic, events: 4, replays: 1, attempts: 2, lastError: 'TransientError: not now' });
    ill.clear();
    await unpark(app);
    expect((await effects(app))[user]).toEqual([2, 3, 1, 4]);
  });

  it('replays one of which a redelivered copy waits in the queue already', async () => {
    const { id, user, message } = await dies(undefined, 1);
    ill.add('transient');
    await take(record(topic, { userId: user, n: 2, act: 'transient' }), message);
    expect(await replay(id)).toMatchObject([{ outcome: 'queued', says: 'queued behind 1 event of its key' }]);
    ill.clear();
    await unpark(app);
    expect((await effects(app))[user]).toEqual([2, 1]);
    expect(await outcomes(id)).toEqual([0]);
  });

  it('waits for a key that is being let go just now, so that the event is not left without it', async () => {
    const { id, user } = await dies();
    await query(app, sql`insert into parked_key (consumer, topic, key, not_before) values (1, ${topic}, ${user}, now())`);
    const em = app.get(EntityManager, { strict: false });
    const { promise: held, resolve: hold } = Promise.withResolvers<string>();
    const { promise: told, resolve: letGo } = Promise.withResolvers<void>();
    const release = asSystem(em, () =>
      em.transactional(async () => {
        await sql`select from parked_key where key = ${user} for update`.execute(em.getKysely()); // as the unparker does before it looks into the queue
        const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(em.getKysely());
        hold(rows[0]?.xid ?? '');
        await told;
        await sql`delete from parked_key where key = ${user}`.execute(em.getKysely());
      }),
    );
    const xid = await held;
    const replayed = replay(id);
    const waiting = () => query(app, sql`select from pg_locks where not granted and transactionid::text = ${xid}`);
    await eventually(async () => expect(await waiting()).toHaveLength(1), { timeoutMs: 5000 }).finally(letGo);
    await release;
    await replayed;
    await unpark(app);
    expect((await effects(app))[user]).toEqual([1]);
  });

  it('is replayed once by many operators at the same moment', async () => {
    const { id, user } = await dies();
    const answers = (await Promise.all(Array.from({ length: 4 }, () => replay(id)))).flat();
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['nothing', 'nothing', 'nothing', 'queued']);
    await unpark(app);
    expect((await effects(app))[user]).toEqual([1]);
    expect(await query(app, sql`select from operator_act where event_id = ${id}`)).toHaveLength(1);
  });

  const user = freshUser();
  it.each([
    ['bytes that are no text', { value: Buffer.from([0xff, 0xfe, 0x00, 0x80]) }, 'the body is not text'],
    ['no JSON', { value: '{"n":\u0001' }, 'the body is not JSON'],
    ['another subject than its key', { headers: { ce_subject: 'somebody' } }, 'ce_subject is not data.userId'],
  ])('refuses one that no change of ours could cure (%s), and keeps it byte for byte', async (_what, broken, why) => {
    const id = randomUUID();
    const message = record(topic, { userId: user, n: 1 }, { id, ...broken });
    await take(message);
    expect(await replay(id)).toMatchObject([{ outcome: 'refused', says: expect.stringContaining(why) }]);
    const kept = await letter(id);
    expect(kept && bodyOf(kept)).toEqual(Buffer.from(message.value as string));
    expect(await query(app, sql`select from parked_key where key = ${user}`)).toEqual([]);
  });

  it('refuses one without a key', async () => {
    const id = randomUUID();
    await take({ ...record(topic, { userId: user, n: 1 }, { id }), key: null });
    expect(await replay(id)).toMatchObject([{ outcome: 'refused', says: expect.stringContaining('it has no key') }]);
    expect(await letter(id)).toMatchObject({ key: null, code: 'envelope_mismatch' });
  });

  it('takes one again whose shape did not fit: the contract may have changed since, and all checks run', async () => {
    const id = randomUUID();
    await take(record(topic, { userId: user, n: 1 }, { id, value: JSON.stringify({ userId: user, n: 'one' }) }));
    expect(await replay(id)).toMatchObject([{ outcome: 'queued' }]);
    await unpark(app);
    expect(await letter(id)).toMatchObject({ code: 'schema', replays: 1 });
  });

  it('finds them by code, class, fingerprint, a piece of the reason, and time, and says how many there are', async () => {
    const first = await dies();
    await dies();
    await dies();
    const { items, total } = await use(FindLetters).list({ reason: 'unclassified' }, 2);
    expect([items.length, total]).toEqual([2, total]);
    expect(total).toBeGreaterThanOrEqual(3);
    const one = await letter(first.id);
    const ids = async (reason: string, since?: Date) => (await use(FindLetters).ids({ reason, since }, 100)).items;
    for (const reason of [one?.code, one?.class, one?.fingerprint, 'SOMETHING else']) expect(await ids(reason ?? '')).toContain(first.id);
    expect(await ids('nobody says this')).toEqual([]);
    expect(await ids('unclassified', new Date(Date.now() + 60_000))).toEqual([]);
  });

  it('drops one for good: it is gone, copies of it are passed over, and who did it is kept', async () => {
    const { id, user, message } = await dies();
    const drop = (dryRun = false) => use(DropLetters).execute([id], operator, { dryRun });
    expect(await drop(true)).toMatchObject([{ outcome: 'dropped' }]);
    expect(await letter(id)).toBeDefined();
    expect(await drop()).toMatchObject([{ outcome: 'dropped' }]);
    expect(await replay(id)).toMatchObject([{ outcome: 'nothing', says: expect.stringMatching(/^olga dropped it at/) }]);
    expect(await take(message)).toMatchObject({ done: 0, dead: 0, repeated: 1 });
    expect((await effects(app))[user]).toBeUndefined();
    expect(await query(app, sql`select by_whom, action, key, cause, note from operator_act where event_id = ${id}`)).toEqual([
      { by_whom: 'olga', action: 'dead-letters drop', key: user, cause: 'unclassified: Error: something else', note: 'the cause is gone' },
    ]);
  });

  it('changes nothing in a dry run', async () => {
    const { id, user } = await dies();
    expect(await use(ReplayLetters).execute([id], operator, { dryRun: true })).toMatchObject([{ outcome: 'queued' }]);
    expect(await letter(id)).toMatchObject({ replays: 0 });
    expect(await query(app, sql`select from parked_key where key = ${user}`)).toEqual([]);
  });
});
