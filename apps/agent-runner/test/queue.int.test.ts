import { randomUUID } from 'node:crypto';
import { AgentRunCancelled, AgentRunFailed } from '@gatehouse/contracts';
import { asSystem, asUsers } from '@gatehouse/persistence';
import { sql } from 'kysely';
import type { Run } from '../src/runs/run.entity.js';
import { aRun, aUser } from './run.builder.js';
import { anAccount, calls, type Story, scripted, startStory } from './story.js';

describe('the queue', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  const system = (statement: ReturnType<typeof sql>) =>
    asSystem(story.em, () => story.em.transactional((tx) => statement.execute(tx.getKysely())));
  const parts = async () => {
    const [{ ClaimRun }, { FinishRun }, { RequestRuns }] = await Promise.all([
      import('../src/queue/claim-run.js'),
      import('../src/runs/finish-run.js'),
      import('../src/runs/request-runs.js'),
    ]);
    const { app, em } = story;
    const claim = (owner: string) => asSystem(em, () => app.get(ClaimRun).execute(owner));
    const finish = (lease: NonNullable<Awaited<ReturnType<typeof claim>>>) =>
      asUsers(em, [lease.userId], () => app.get(FinishRun).execute(lease, { state: 'completed', output: '', activeMs: 0 }));
    const request = (userIds: string[]) =>
      asUsers(em, [...new Set(userIds)], () =>
        app.get(RequestRuns).execute(
          userIds.map((userId) => ({
            runId: randomUUID(),
            userId,
            input: 'x',
            apps: { required: [], optional: [] },
            origin: 'service' as const,
          })),
        ),
      );
    return { claim, finish, request };
  };
  const empty = async () => {
    await system(sql`update run set state = 'cancelled', finished_at = now() where state in ('queued', 'running', 'delayed')`);
    await system(sql`update user_lane set ready = 0, running = 0`);
  };

  it('serves others as if one user with half of 2,000 runs had one', async () => {
    const { claim, finish, request } = await parts();
    const greedy = aUser();
    const others = Array.from({ length: 100 }, aUser);
    await request(Array.from({ length: 1000 }, () => greedy)); // all of them before anybody else's
    await request(Array.from({ length: 10 }, () => others).flat());
    const served = new Map<string, number>();
    for (let turn = 0; turn < 303; turn++) {
      const lease = await claim(`worker ${turn % 2}`);
      if (!lease) throw new Error('nothing to claim');
      served.set(lease.userId, (served.get(lease.userId) ?? 0) + 1);
      await finish(lease);
    }
    expect(served.get(greedy)).toBe(3);
    expect(others.map((user) => served.get(user))).toEqual(others.map(() => 3));
    await empty();
  });

  it('serves others behind a lane that counts runs which are not there', async () => {
    const { claim } = await parts();
    const userId = aUser();
    await system(sql`insert into user_lane (user_id, ready) values (${aUser()}, 1)`);
    await story.save(aRun({ userId }));
    await system(sql`insert into user_lane (user_id, ready, last_served) values (${userId}, 1, now())`);
    expect(await claim('a worker')).toBeUndefined();
    expect(await claim('a worker')).toMatchObject({ userId });
    await empty();
  });

  it('puts a run whose worker is gone off for longer each time', async () => {
    const { claim } = await parts();
    const run = await story.save(aRun({}));
    await system(sql`insert into user_lane (user_id, ready) values (${run.userId}, 1)`);
    const waits: number[] = [];
    for (let times = 0; times < 2; times++) {
      await claim('a worker');
      await system(sql`update run set lease_until = now() - interval '1 s' where id = ${run.id}`);
      await story.queue.tick();
      const { state, runAt } = await story.reload(run);
      expect(state).toBe('delayed');
      waits.push(Math.round((runAt.getTime() - Date.now()) / 1000));
      await system(sql`update run set run_at = now() where id = ${run.id}`);
      await story.queue.tick();
    }
    expect(waits).toEqual([2, 4]);
    await empty();
  });

  it('gives up what could not go on for a day, and says why', async () => {
    const userId = aUser();
    const run = await story.save(aRun({ userId, deadlineAt: new Date(Date.now() + 1_000) }));
    await system(sql`insert into user_lane (user_id, ready) values (${userId}, 1)`);
    story.gate.down = true;
    await story.work();
    story.gate.down = false;
    expect(await story.reload(run)).toMatchObject({ state: 'failed', error: { code: 'gave_up' } });
    expect((await story.told(AgentRunFailed)).filter(({ runId }) => runId === run.id)).toHaveLength(1);
  });

  it('ends a run that waits for its user at once when it is cancelled', async () => {
    const userId = aUser();
    const { body: run } = await story.as(userId).post('/v1/runs', { input: 'list', apps: { required: ['slack'] } });
    await story.work();
    expect((await story.as(userId).get(`/v1/runs/${run.id}`)).body.state).toBe('parked');
    expect((await story.as(userId).post(`/v1/runs/${run.id}/cancel`)).body.state).toBe('cancelled');
    expect((await story.told(AgentRunCancelled)).filter(({ runId }) => runId === run.id)).toMatchObject([{ by: 'user' }]);
  });

  it('asks the gate about the app that a run waits for, though only its agent wants it, and wakes nobody for nothing', async () => {
    const userId = aUser();
    const { body: run } = await story.as(userId).post('/v1/runs', { input: 'report', agent: 'reporter' });
    await story.work();
    await system(sql`update run set run_at = now() where id = ${run.id}`);
    await story.queue.tick();
    expect((await story.as(userId).get(`/v1/runs/${run.id}`)).body).toMatchObject({ state: 'parked', waitingFor: { kind: 'connection' } });
  });

  it('goes on with a user’s other apps while one of them has to be reconnected', async () => {
    const userId = aUser();
    const { sandboxControl } = await import('@gatehouse/testing');
    const accounts = await Promise.all(['gmail', 'slack'].map((app) => anAccount(userId, app)));
    story.gate.let(userId, ...accounts);
    await sandboxControl.patch(`accounts/${accounts[0]?.accountId}`, { providerHealth: 'refuse' });
    const ask = async (word: string, app: string) =>
      (await story.as(userId).post('/v1/runs', { input: `${word} ${userId}`, apps: { required: [app] } })).body as Run;
    await scripted(`mails ${userId}`, calls({ name: 'GMAIL_FETCH_EMAILS', arguments: {} }));
    await scripted(`channels ${userId}`, calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }), { content: 'Two.' });
    const broken = await ask('mails', 'gmail');
    await story.work();
    const sound = await ask('channels', 'slack');
    await story.work();
    expect((await story.as(userId).get(`/v1/runs/${broken.id}`)).body).toMatchObject({
      state: 'parked',
      waitingFor: { kind: 'connection', blockers: [{ app: 'gmail' }] },
    });
    expect((await story.as(userId).get(`/v1/runs/${sound.id}`)).body).toMatchObject({ state: 'completed', output: 'Two.' });
  });
});
