import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AgentRunCancelled, AgentRunRequested, adminRun, pageOf, runsHealth, timeline } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { sql } from 'kysely';
import { aUser } from './run.builder.js';
import { anAccount, calls, type Story, scripted, startStory } from './story.js';

describe('what operators see of runs', () => {
  let story: Story;
  let operator: ReturnType<Story['as']>;
  beforeAll(async () => {
    story = await startStory();
    operator = story.as({ kind: 'operator', id: 'olga', roles: ['operator'] });
  });
  afterAll(() => story.close());

  const ask = async (userId: string, required: string[] = []) => {
    const runId = randomUUID();
    const apps = { required, optional: [] };
    await story.deliver(AgentRunRequested, { runId, userId, input: `a secret wish of ${userId}`, apps, origin: 'service' });
    return runId;
  };

  it('numbers, lists and a user’s timeline, without a word of what was asked or said', async () => {
    const userId = aUser();
    story.gate.let(userId, await anAccount(userId, 'slack'));
    await scripted(userId, calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }), { content: 'a secret answer' });
    const done = await ask(userId, ['slack']);
    await story.work();
    const waiting = await ask(userId, ['gmail']);
    await story.work();
    const queued = await ask(userId);
    const health = runsHealth.parse((await operator.get('/admin/runs')).body);
    expect(health).toMatchObject({
      live: { queued: 1, parked: 1, running: 0, delayed: 0 },
      parked: [{ cause: 'not_connected', count: 1 }],
      day: { completed: 1, failed: 0, cancelled: 0, errors: [], unknownOutcomes: 0 },
    });
    expect(health.oldestQueuedSeconds).toBeGreaterThanOrEqual(0);
    expect(health.day.tokens).toBeGreaterThan(0);
    expect(health.day.medianStartSeconds).toBeGreaterThan(0);
    expect(health.day.slowSeconds).toBeGreaterThanOrEqual(health.day.medianSeconds ?? Infinity);

    const list = async (query: string) => pageOf(adminRun).parse((await operator.get(`/admin/runs/list?${query}`)).body);
    const first = await list(`userId=${userId}&limit=2`);
    const second = await list(`userId=${userId}&limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual([queued, waiting, done]);
    expect((await list('state=parked')).data).toMatchObject([{ id: waiting, userId, waitingFor: 'connection' }]);
    expect(await operator.get('/admin/runs/list?state=completed')).toMatchObject({ status: 400 });

    const { body } = await operator.get(`/admin/users/${userId}/timeline`);
    const { data } = timeline.parse(body);
    expect(data).toContainEqual(expect.objectContaining({ kind: 'run', id: done, state: 'completed' }));
    expect(data).toContainEqual(
      expect.objectContaining({ kind: 'decision', id: done, app: 'slack', state: 'tool.allowed', detail: 'SLACK_LIST_CHANNELS' }),
    );
    const latest = timeline.parse((await operator.get(`/admin/users/${userId}/timeline?limit=1`)).body);
    expect(latest).toEqual({ more: true, data: [data[0]] });
    expect(JSON.stringify([health, first, second, body])).not.toContain('secret');
  });

  it('a run is cancelled for a reason, which is kept; a dry run says what it would touch', async () => {
    const userId = aUser();
    const runId = await ask(userId);
    const cancel = (body: object) => operator.post(`/admin/runs/${runId}/cancel`, body);
    expect(await cancel({})).toMatchObject({ status: 400 });
    expect((await cancel({ reason: 'it loops', dryRun: true })).body).toEqual({ touches: 1, dryRun: true });
    expect((await story.as(userId).get(`/v1/runs/${runId}`)).body).toMatchObject({ state: 'queued' });
    expect((await cancel({ reason: 'it loops' })).body).toEqual({ touches: 1, dryRun: false });
    expect((await cancel({ reason: 'it loops' })).body).toEqual({ touches: 0, dryRun: false });
    expect((await story.told(AgentRunCancelled)).filter((one) => one.runId === runId)).toMatchObject([{ by: 'operator' }]);
    const acts = sql`select by_whom, action, note from operator_act where subject = ${`run:${runId}`}`;
    const kept = await asSystem(story.em, () => story.em.transactional((em) => acts.execute(em.getKysely())));
    expect(kept.rows).toEqual([{ by_whom: 'olga', action: 'run cancel', note: 'it loops' }]);
    expect(await operator.post(`/admin/runs/${randomUUID()}/cancel`, { reason: 'it loops' })).toMatchObject({ status: 404 });
  });

  it('the command line sets and lifts a switch that runs obey', async () => {
    const main = join(import.meta.dirname, '../../../packages/messaging/dist/cli/main.js');
    const type = async (...args: string[]) => {
      const env = { PATH: process.env.PATH, AGENT_RUNNER_DATABASE_URL: process.env.DATABASE_URL };
      return (await promisify(execFile)(process.execPath, [main, 'switches', ...args, '--by', 'olga'], { env })).stdout;
    };
    const userId = aUser();
    const runId = await ask(userId, ['slack']);
    const which = ['--scope', 'user', '--target', userId];
    expect(await type('set', ...which, '--note', 'an incident', '--dry-run')).toContain('would touch 1 live runs');
    expect((await operator.get('/admin/switches')).body.data).toEqual([]);
    await type('set', ...which, '--note', 'an incident');
    expect((await operator.get('/admin/switches')).body.data).toMatchObject([
      { scope: 'user', target: userId, setBy: 'olga', reason: 'an incident' },
    ]);
    await story.work();
    const read = async () => (await story.as(userId).get(`/v1/runs/${runId}`)).body.waitingFor?.blockers;
    expect(await read()).toMatchObject([{ state: 'paused' }]);
    await type('lift', ...which, '--note', 'it is over');
    await story.queue.tick();
    await story.work();
    expect(await read()).toMatchObject([{ state: 'not_connected' }]);
  });

  it('are no user’s to see', async () => {
    const user = story.as(aUser());
    for (const path of ['/admin/runs', '/admin/runs/list?state=parked', '/admin/users/ana/timeline', '/admin/switches'])
      expect(await user.get(path)).toMatchObject({ status: 403 });
    expect(await user.post(`/admin/runs/${randomUUID()}/cancel`, { reason: 'because' })).toMatchObject({ status: 403 });
    expect(await user.post('/admin/switches', { scope: 'everything', reason: 'because' })).toMatchObject({ status: 403 });
  });
});
