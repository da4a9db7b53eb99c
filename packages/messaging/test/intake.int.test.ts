import { randomUUID } from 'node:crypto';
import { Intake } from '@gatehouse/messaging';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Message } from 'kafkajs';
import { sql } from 'kysely';
import { effects, env, freshName, freshUser, migrate, query, raw, record, unpark } from './harness.ts';
import { ill, probe, startProbe } from './probe-app.ts';

describe('when records are taken in', () => {
  const parts = probe(freshName());
  const topic = parts.Happened.type;
  let app: NestFastifyApplication;
  const take = (...messages: Message[]) => app.get(Intake, { strict: false }).process(topic, messages.map(raw));
  const inboxOf = (ids: string[]) =>
    query(app, sql<{ outcome: number }>`select outcome from inbox where event_id = any(${ids}::uuid[])`).then((rows) =>
      rows.map((row) => row.outcome),
    );
  const deadOf = (user: string) => query(app, sql<Record<string, unknown>>`select * from dead_letter where key = ${user} order by at`);

  beforeAll(async () => {
    await migrate();
    app = await startProbe(parts, env);
  });
  afterAll(() => app.close());
  beforeEach(() => {
    ill.clear();
    parts.batches.length = 0;
  });

  it('has effects once, however often and in whatever grouping they come', async () => {
    const [a, b] = [freshUser(), freshUser()];
    const first = [record(topic, { userId: a, n: 1 }), record(topic, { userId: b, n: 1 }), record(topic, { userId: a, n: 2 })];
    const twice = await take(...first, ...first);
    expect(twice).toMatchObject({ done: 3, dead: 0, stopped: undefined });
    expect(await take(...first)).toMatchObject({ done: 0, repeated: 3 });
    expect(await take(record(topic, { userId: b, n: 2 }), ...first)).toMatchObject({ done: 1, repeated: 3 });
    const found = await effects(app);
    expect([found[a], found[b]]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const told = await query(app, sql<{ n: number }>`select (body::jsonb->>'n')::int as n from outbox where key = ${a} order by seq`);
    expect(told.map(({ n }) => n)).toEqual([1, 2]);
  });

  it('hands them over by key, each key in its own order, so that all batches lock users in one order', async () => {
    const users = ['c', 'a', 'b'].map((letter) => `${letter}${randomUUID()}`);
    await take(
      ...users.map((userId, n) => record(topic, { userId, n })),
      ...users.map((userId, n) => record(topic, { userId, n: n + 10 })),
    );
    expect(parts.batches).toEqual([[1, 11, 2, 12, 0, 10]]);
  });

  it.each([
    ['no JSON', { value: '{"userId":' }, 'the body is not JSON'],
    ['bytes that are no text', { value: Buffer.from([0xff, 0xfe, 0x00]) }, 'the body is not text'],
    ['another shape', { value: '{"userId":"x","n":"one"}' }, 'n: Invalid input: expected number, received string'],
    ['a foreign subject', { headers: { ce_subject: 'usr_other' } }, 'ce_subject is not data.userId'],
    ['another type', { headers: { ce_type: 'user.created' } }, 'ce_type is not the topic'],
    ['no id', { headers: { ce_id: undefined } }, 'header ce_id is missing'],
    ['a time out of the window', { headers: { ce_time: '2019-01-01T00:00:00Z' } }, 'ce_time is no time'],
  ])('makes one dead letter of %s, and its neighbours go on', async (_what, broken, reason) => {
    const user = freshUser();
    const messages = [
      record(topic, { userId: user, n: 1 }),
      record(topic, { userId: user, n: 2 }, broken),
      record(topic, { userId: user, n: 3 }),
    ];
    const result = await take(...messages);
    expect(result).toMatchObject({ done: 2, dead: 1, stopped: undefined });
    expect((await effects(app))[user]).toEqual([1, 3]);
    const [letter, ...more] = await deadOf(user);
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ topic, class: 'permanent', reason: expect.stringContaining(reason) });
  });

  it('says in a dead letter where the event is wrong, and nothing that stands in it', async () => {
    const user = freshUser();
    const value = JSON.stringify({ userId: user, n: 'canary-1', act: ['canary-2'] });
    await take(record(topic, { userId: user, n: 1 }, { value }));
    const [row] = await query(app, sql<{ extra: Record<string, string> }>`select extra from outbox where key = ${user}`);
    expect(row?.extra.dl_reason).toMatch(/^n: Invalid input: .*; act: Invalid input: /);
    expect(row?.extra.dl_reason).not.toContain('canary');
  });

  it.each([
    ['type-error', 'TypeError'],
    ['constraint', 'SQLSTATE 23514 effect_n_check'],
    ['reject', 'not this one'],
  ])('finds the one event among many whose handling fails (%s)', async (word, reason) => {
    const users = Array.from({ length: 20 }, freshUser);
    const messages = users.map((userId, n) => record(topic, { userId, n, ...(n === 13 && { act: word }) }));
    expect(await take(...messages)).toMatchObject({ done: 19, dead: 1, stopped: undefined });
    expect(parts.batches.length).toBeLessThanOrEqual(word === 'reject' ? 2 : 14);
    const found = await effects(app);
    expect(users.filter((user) => found[user] === undefined)).toEqual([users[13]]);
    expect(await deadOf(users[13] ?? '')).toMatchObject([{ class: 'permanent', reason: expect.stringContaining(reason) }]);
    expect(await take(...messages)).toMatchObject({ done: 0, dead: 0, repeated: 20 });
  });

  it('keeps what it does not know for dead letters: after two more tries, as unclassified', async () => {
    ill.add('unknown');
    const user = freshUser();
    expect(await take(record(topic, { userId: user, n: 1, act: 'unknown' }))).toMatchObject({ dead: 1 });
    expect(parts.batches.length).toBe(3);
    const [row] = await query(app, sql<{ extra: Record<string, string> }>`select extra from outbox where key = ${user}`);
    expect(row?.extra).toMatchObject({ dl_class: 'unclassified', dl_attempts: '3', dl_topic: topic, dl_consumer: parts.name });
  });

  it('parks the key of an event that cannot be handled yet; later ones wait behind it in order, others flow', async () => {
    ill.add('transient');
    const [sick, well] = [freshUser(), freshUser()];
    const blocked = record(topic, { userId: sick, n: 1, act: 'transient' });
    expect(await take(blocked, record(topic, { userId: sick, n: 2 }), record(topic, { userId: well, n: 1 }))).toMatchObject({
      done: 1,
      parked: 2,
    });
    expect(await take(record(topic, { userId: sick, n: 3 }), blocked)).toMatchObject({ done: 0 });
    expect((await effects(app))[sick]).toBeUndefined();
    ill.clear();
    await unpark(app);
    expect((await effects(app))[sick]).toEqual([1, 2, 3]);
    expect(await query(app, sql`select from parked_key where key = ${sick}`)).toEqual([]);
    expect(await take(record(topic, { userId: sick, n: 4 }))).toMatchObject({ done: 1 });
  });

  it('gives up on a parked head after twelve tries, and goes on behind it', async () => {
    ill.add('transient');
    const user = freshUser();
    await take(record(topic, { userId: user, n: 1, act: 'transient' }), record(topic, { userId: user, n: 2 }));
    await unpark(app);
    const [waiting] = await query(app, sql<{ attempts: number }>`select attempts from parked_key where key = ${user}`);
    expect(waiting).toEqual({ attempts: 2 });
    await query(app, sql`update parked_key set attempts = 12 where key = ${user}`);
    await unpark(app);
    expect((await effects(app))[user]).toEqual([2]);
    expect(await deadOf(user)).toMatchObject([{ class: 'transient' }]);
  });

  it('stops, and gives nothing to the dead letters, when a table is not there', async () => {
    const user = freshUser();
    const messages = [record(topic, { userId: user, n: 1 }), record(topic, { userId: user, n: 2, act: 'undeployed' })];
    expect(await take(...messages)).toMatchObject({ done: 0, dead: 0, parked: 0, prefix: undefined, stopped: { code: '42P01' } });
    expect(await deadOf(user)).toEqual([]);
  });

  it('commits no further than the first record that is not settled', async () => {
    const [first, second, last] = ['a', 'm', 'z'].map((letter) => `${letter}${randomUUID()}`) as [string, string, string];
    const records = [
      record(topic, { userId: last, n: 1, act: 'undeployed' }),
      record(topic, { userId: first, n: 1 }),
      record(topic, { userId: second, n: 1, act: 'type-error' }), // so that the list is halved, and its first part commits alone
    ];
    expect(await take(...records)).toMatchObject({ done: 1, prefix: undefined, stopped: { code: '42P01' } });
    expect((await effects(app))[first]).toEqual([1]);
  });

  it('writes the trace of the event that caused it, and remembers outcomes', async () => {
    const user = freshUser();
    const id = randomUUID();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await take(record(topic, { userId: user, n: 1 }, { id, headers: { traceparent } }));
    expect(await query(app, sql`select trace from outbox where key = ${user}`)).toEqual([{ trace: traceparent }]);
    expect(await inboxOf([id])).toEqual([0]);
  });

  it('lets no more than fifty dead letters a minute through', async () => {
    const flooded = probe(freshName());
    const other = await startProbe(flooded, env);
    const messages = Array.from({ length: 80 }, (_, n) => raw(record(flooded.Happened.type, { userId: freshUser(), n }, { value: 'x' })));
    const result = await other.get(Intake, { strict: false }).process(flooded.Happened.type, messages);
    expect(result).toMatchObject({ dead: 50, stopped: { name: 'FloodError' } });
    expect(result.prefix).toBe(messages[49]?.offset);
    await other.close();
  });
});
