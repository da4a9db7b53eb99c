import { randomUUID } from 'node:crypto';
import { Outbox, StuckEvents } from '@gatehouse/messaging';
import { asUsers } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sql } from 'kysely';
import { env, freshName, freshUser, migrate, query } from './harness.ts';
import { probe, startProbe } from './probe-app.ts';

type OutRecord = import('../src/kafka/driver.ts').OutRecord;
const operator = { by: 'olga' };

describe('when an operator looks after events that the broker refuses', () => {
  const parts = probe(freshName());
  let app: NestFastifyApplication;
  let em: EntityManager;
  let desk: StuckEvents;
  /** What the broker refuses, and what it has taken, by number. */
  const refused = new Set<number>();
  const sent: { n: number; time: string }[] = [];
  let round: () => Promise<number>;

  beforeAll(async () => {
    await migrate();
    app = await startProbe(parts, env);
    em = app.get(EntityManager, { strict: false });
    desk = new StuckEvents(em);
    const { Relay } = (await import('../dist/relay.js')) as unknown as typeof import('../src/relay.ts');
    const { RecordsRefused } = (await import('../dist/kafka/driver.js')) as unknown as typeof import('../src/kafka/driver.ts');
    const send = async (records: readonly OutRecord[]) => {
      const list = records.map(({ value, headers }) => ({ n: JSON.parse(String(value)).n as number, time: String(headers.ce_time) }));
      if (list.some(({ n }) => refused.has(n))) throw new RecordsRefused('MESSAGE_TOO_LARGE');
      sent.push(...list);
    };
    const relay = new Relay(em, { producer: async () => ({ send, close: async () => undefined }) }, { app: 'probe' }, randomUUID());
    round = () => relay.round();
  });
  afterAll(() => app.close());
  beforeEach(() => query(app, sql`with a as (delete from outbox) delete from outbox_stuck`));

  /** Tells 1, 2, 3 of a user, of which the broker refuses 1; the id of what is stuck. */
  async function stuck(): Promise<{ id: string; user: string }> {
    const user = freshUser();
    const list = [1, 2, 3].map((n) => ({ userId: user, n }));
    await asUsers(em, [user], () => em.transactional(async () => app.get(Outbox).addAll(parts.Echoed, list)));
    refused.add(1);
    sent.length = 0;
    await round();
    await round();
    expect(sent).toEqual([]);
    const { items } = await desk.list({ reason: 'too_large' }, 100);
    const mine = items.find(({ key }) => key === user);
    expect(mine).toMatchObject({ topic: parts.Echoed.type, error: 'MESSAGE_TOO_LARGE', waiting: 2 });
    return { id: mine?.eventId ?? '', user };
  }
  const numbers = () => sent.map(({ n }) => n);

  it('retries one in its old place, before what waits behind it, as the event that it was', async () => {
    const { id } = await stuck();
    const before = await desk.one(id);
    refused.clear();
    expect(await desk.retry([id], operator, { dryRun: true })).toMatchObject([{ outcome: 'retried' }]);
    expect(await desk.one(id)).toEqual(before);
    expect(await desk.retry([id], operator)).toEqual([{ eventId: id, outcome: 'retried', says: 'retried' }]);
    while (numbers().length < 3) await round();
    expect(numbers()).toEqual([1, 2, 3]);
    expect(sent[0]?.time).toBe(before?.toldAt);
    expect(await desk.retry([id], operator)).toMatchObject([
      { outcome: 'nothing', says: expect.stringContaining('olga retried it at 20') },
    ]);
    expect(await query(app, sql`select action, cause, result from operator_act where event_id = ${id}`)).toEqual([
      { action: 'outbox retry', cause: 'MESSAGE_TOO_LARGE', result: 'retried' },
    ]);
  });

  it('puts one aside again that is refused again', async () => {
    const { id } = await stuck();
    await desk.retry([id], operator);
    await round();
    await round();
    expect(numbers()).toEqual([]);
    expect(await desk.one(id)).toMatchObject({ waiting: 2 });
    await desk.drop([id], operator);
  });

  it('drops one for good, and what waited behind it goes out', async () => {
    const { id } = await stuck();
    expect(await desk.drop([id], operator)).toMatchObject([{ outcome: 'dropped' }]);
    while (numbers().length < 2) await round();
    expect(numbers()).toEqual([2, 3]);
    expect(await desk.drop([id], operator)).toMatchObject([{ outcome: 'nothing' }]);
    expect(await desk.drop([randomUUID()], operator)).toMatchObject([{ outcome: 'unknown' }]);
  });

  it('keeps who did what: nothing of it can be changed or removed', async () => {
    const { id } = await stuck();
    await desk.drop([id], operator);
    await expect(query(app, sql`delete from operator_act`)).rejects.toThrow(/permission denied/);
    await expect(query(app, sql`update operator_act set by_whom = 'nobody'`)).rejects.toThrow(/permission denied/);
  });
});
