import { randomUUID } from 'node:crypto';
import { AgentRunBlocked, AgentRunRequested, AgentRunResumed } from '@gatehouse/contracts';
import { eventually, sandboxControl } from '@gatehouse/testing';
import { aUser } from './run.builder.js';
import { anAccount, calls, type Story, scripted, startStory } from './story.js';

const list = { name: 'SLACK_LIST_CHANNELS', arguments: {} };
const find = { name: 'SLACK_FIND_USERS', arguments: { search_query: 'ana' } };
const THINKS_MS = 1_500;

describe('while an operator has stopped something', () => {
  let story: Story;
  let operator: ReturnType<Story['as']>;
  beforeAll(async () => {
    story = await startStory();
    operator = story.as({ kind: 'operator', id: 'olga', roles: ['operator'] });
  });
  afterAll(() => story.close());

  const stop = async (scope: string, target?: string) =>
    (await operator.post('/admin/switches', { scope, ...(target && { target }), reason: 'an incident' })).body.switch.id as string;
  const lift = async (id: string) => {
    await operator.post(`/admin/switches/${id}/lift`, { reason: 'it is over' });
    await story.queue.tick();
    await story.work();
  };
  const read = async (userId: string, runId: string) => (await story.as(userId).get(`/v1/runs/${runId}`)).body;
  const of = <T extends { runId: string }>(told: T[], runId: string) => told.filter((data) => data.runId === runId);
  /** A run that needs Slack, for a user who has it; not yet claimed. */
  const asked = async (required = ['slack']) => {
    const userId = aUser();
    story.gate.let(userId, await anAccount(userId, 'slack'));
    const runId = randomUUID();
    const apps = { required, optional: [] };
    await story.deliver(AgentRunRequested, { runId, userId, input: `look around ${userId}`, apps, origin: 'service' });
    return { userId, runId };
  };

  it.each(['everything', 'user', 'app'])(
    'by %s: a run does not begin, says why, and goes on by itself once that is lifted',
    async (scope) => {
      const [mine, other] = [await asked(), await asked()];
      const id = await stop(scope, { user: mine.userId, app: 'slack' }[scope]);
      try {
        await scripted(other.userId, { content: 'Hello.' });
        await story.work();
        await story.queue.tick();
        await story.work();
        expect(await read(mine.userId, mine.runId)).toMatchObject({
          state: 'parked',
          usage: { tokens: 0 },
          waitingFor: { kind: 'connection', blockers: [{ app: 'slack', state: 'paused', message: 'Slack is paused for now.' }] },
        });
        expect(await read(other.userId, other.runId)).toMatchObject({ state: scope === 'user' ? 'completed' : 'parked' });
        expect(of(await story.told(AgentRunBlocked), mine.runId)).toMatchObject([{ blockers: [{ state: 'paused' }] }]);
        await scripted(mine.userId, { content: 'Hello.' });
      } finally {
        await lift(id);
      }
      expect(await read(mine.userId, mine.runId)).toMatchObject({ state: 'completed', output: 'Hello.' });
      expect(of(await story.told(AgentRunResumed), mine.runId)).toHaveLength(1);
      expect(await read(other.userId, other.runId)).toMatchObject({ state: 'completed' });
    },
  );

  it('is put off when it needs no app, and waits for every switch that concerns it', async () => {
    const talks = await asked([]);
    const needs = await asked();
    const [all, one] = [await stop('everything'), await stop('user', needs.userId)];
    await story.work();
    expect(await read(talks.userId, talks.runId)).toMatchObject({ state: 'delayed', usage: { tokens: 0 } });
    await lift(all);
    expect(await read(needs.userId, needs.runId)).toMatchObject({ state: 'parked' });
    await scripted(needs.userId, { content: 'Hello.' });
    await lift(one);
    expect(await read(needs.userId, needs.runId)).toMatchObject({ state: 'completed' });
  });

  /** Tools that were called at the provider for this user, in order. */
  const called = async (userId: string) => {
    const { items } = await sandboxControl.get<{ items: { method: string; path: string; userIdSent: string | null }[] }>('requests');
    const mine = items.filter(({ method, path, userIdSent }) => method === 'POST' && path.includes('/execute/') && userIdSent === userId);
    return mine.map(({ path }) => path.split('/').at(-1));
  };

  it.each(['everything', 'user', 'app', 'tool'])(
    'by %s: the next call of a running run does not leave; once that is lifted it is made, and the run goes on to its end',
    async (scope) => {
      const [mine, other] = [await asked(), await asked()];
      for (const { userId } of [mine, other])
        await scripted(userId, calls(list), { ...calls(find), delayMs: THINKS_MS }, calls(list), { content: 'All three.' });
      const working = story.work();
      await eventually(async () => {
        expect([await called(mine.userId), await called(other.userId)]).toEqual([[list.name], [list.name]]);
      });
      const id = await stop(scope, { user: mine.userId, app: 'slack', tool: find.name }[scope]); // while the model thinks
      try {
        await working;
        await story.queue.tick();
        expect(await called(mine.userId)).toEqual([list.name]);
        const what = scope === 'tool' ? '“Find people in Slack”' : 'Slack';
        expect(await read(mine.userId, mine.runId)).toMatchObject({
          state: 'parked',
          usage: { toolCalls: 1 },
          waitingFor: { kind: 'connection', blockers: [{ app: 'slack', state: 'paused', message: `${what} is paused for now.` }] },
        });
        expect(await read(other.userId, other.runId)).toMatchObject({ state: scope === 'user' ? 'completed' : 'parked' });
      } finally {
        await lift(id);
      }
      expect(await read(mine.userId, mine.runId)).toMatchObject({ state: 'completed', output: 'All three.', usage: { toolCalls: 3 } });
      expect(await called(mine.userId)).toEqual([list.name, find.name, list.name]);
      expect(await read(other.userId, other.runId)).toMatchObject({ state: 'completed' });
    },
  );
});
