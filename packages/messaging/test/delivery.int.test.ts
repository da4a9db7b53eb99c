import { randomUUID } from 'node:crypto';
import { eventually } from '@gatehouse/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sql } from 'kysely';
import { collect, committed, createTopics, effects, env, freshName, freshUser, migrate, publish, query, record } from './harness.ts';
import { probe, startProbe } from './probe-app.ts';

describe('when events come through Kafka', () => {
  const parts = probe(freshName());
  const topic = parts.Happened.type;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    await Promise.all([migrate(), createTopics(parts.name)]);
    app = await startProbe(parts, env);
    await app.startAllMicroservices();
  });
  afterAll(() => app.close());

  it('has the effect of each once, though each comes three times, in the order of its user, and tells so', async () => {
    const users = Array.from({ length: 20 }, freshUser);
    const events = Array.from({ length: 10 }, (_, n) => users.map((userId) => record(topic, { userId, n }))).flat();
    const echoes = await collect(parts.Echoed.type);
    for (let times = 0; times < 3; times++) await publish(topic, events);
    await eventually(async () => expect(await committed(parts.name, topic)).toBe(3 * events.length), { timeoutMs: 30_000 });
    const found = await effects(app);
    for (const user of users) expect(found[user]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);

    await eventually(() => expect(echoes.records.length).toBe(events.length), { timeoutMs: 20_000 });
    for (const user of users) {
      const mine = echoes.records.filter(({ key }) => String(key) === user);
      expect(mine.map(({ value }) => JSON.parse(String(value)).n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(String(mine[0]?.headers?.ce_subject)).toBe(user);
      expect(String(mine[0]?.headers?.ce_type)).toBe(parts.Echoed.type);
    }
    await echoes.stop();
    await eventually(async () => expect(await query(app, sql`select from outbox`)).toEqual([]));
  });

  it('puts poison aside, byte by byte, and goes on with its neighbours within seconds', async () => {
    const user = freshUser();
    const noText = Buffer.from([0xde, 0xad, 0x00, 0xbe, 0xef]);
    const bad = [
      record(topic, { userId: user, n: 1 }, { value: '{"userId":"' }),
      record(topic, { userId: user, n: 2 }, { value: noText }),
      record(topic, { userId: user, n: 3, act: 'type-error' }),
      record(topic, { userId: user, n: 4 }, { headers: { ce_type: 'no.such.type' } }),
      record(topic, { userId: user, n: 5 }, { headers: { ce_subject: freshUser() } }),
      record(topic, { userId: user, n: 6 }, { value: Buffer.alloc(1_000_000, 0xff) }),
    ];
    const good = [7, 8].map((n) => record(topic, { userId: user, n }));
    const letters = await collect(`${parts.name}.dead-letters`);
    await publish(topic, [good[0] as (typeof bad)[0], ...bad, good[1] as (typeof bad)[0]]);
    await eventually(async () => expect((await effects(app))[user]).toEqual([7, 8]), { timeoutMs: 10_000 });
    await eventually(() => expect(letters.records.length).toBe(bad.length), { timeoutMs: 20_000 });
    const byReason = Object.fromEntries(letters.records.map((letter) => [String(letter.headers?.dl_reason), letter]));
    expect(Object.keys(byReason).sort()).toEqual([
      "TypeError: Cannot read properties of undefined (reading 'x')",
      'ce_subject is not data.userId',
      'ce_type is not the topic',
      'the body is not JSON',
      'the body is not text',
    ]);
    expect(String(byReason['the body is not JSON']?.value)).toBe('{"userId":"');
    const binary = letters.records.find(({ value }) => String(value) === noText.toString('base64'));
    expect(String(binary?.headers?.dl_encoding)).toBe('base64');
    for (const { headers } of letters.records) {
      expect(headers).toMatchObject({
        dl_topic: Buffer.from(topic),
        dl_consumer: Buffer.from(parts.name),
        ce_source: Buffer.from('gatehouse/identity'),
      });
    }
    await letters.stop();
  });

  it('takes a handler that returns EMPTY for a success', async () => {
    const id = randomUUID();
    await publish(parts.Emptied.type, [record(parts.Emptied.type, { userId: freshUser(), n: 1 }, { id })]);
    await eventually(async () => expect(await query(app, sql`select outcome from inbox where event_id = ${id}`)).toEqual([{ outcome: 0 }]));
  });
});
