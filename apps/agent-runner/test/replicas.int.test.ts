import { AgentRunCompleted, AgentRunRequested, ConnectionActivated, type RunView } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { eventually, sandboxControl } from '@gatehouse/testing';
import { sql } from 'kysely';
import { v7 } from 'uuid';
import { aUser } from './run.builder.js';
import { endRunners, startRunner } from './runner.js';
import { anAccount, calls, effectsOf, type Story, scripted, startStory } from './story.js';

process.env.RUN_LEASE_SECONDS = '3';

const mail = { name: 'GMAIL_SEND_EMAIL', arguments: { recipient_email: 'boss@example.com', subject: 'Report', body: 'All is well.' } };

describe('when several processes share the queue', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterEach(() => endRunners());
  afterAll(() => story.close());

  const ask = async (userId: string, agent = 'default', required: string[] = []): Promise<string> => {
    const { body } = await story.as(userId).post('/v1/runs', { input: `do it ${userId}`, agent, apps: { required } });
    return (body as RunView).id;
  };
  const runOf = async (userId: string, runId: string) => (await story.as(userId).get(`/v1/runs/${runId}`)).body;
  const inState = (userId: string, runId: string, state: string) =>
    eventually(async () => expect(await runOf(userId, runId)).toMatchObject({ state }));
  /** Its worker waits for the model. */
  const atTheModel = (userId: string) =>
    eventually(async () => expect(JSON.stringify(await sandboxControl.get('model/requests'))).toContain(userId));
  const running = (by: 'user_id' | 'owner') =>
    asSystem(story.em, () =>
      story.em.transactional(async (em) => {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int as count from run where state = 'running' group by ${sql.ref(by)}`.execute(em.getKysely());
        return Math.max(0, ...rows.map(({ count }) => count));
      }),
    );

  it('one that is stopped and comes back finds its run gone on without it, and changes nothing more', async () => {
    const userId = aUser();
    story.gate.let(userId, await anAccount(userId, 'gmail'), await anAccount(userId, 'github'));
    const answers = [{ ...calls(mail), delayMs: 1_500 }, calls(mail), { content: 'Reported.', delayMs: 4_000 }];
    await scripted(userId, ...answers, { content: 'Too late.' });
    const runId = await ask(userId, 'reporter');
    const zombie = startRunner({ LOG_LEVEL: 'warn' });
    await atTheModel(userId);
    zombie.child.kill('SIGSTOP');
    const done = story.untilDone(userId, runId);
    await eventually(async () => expect(await effectsOf(userId)).toHaveLength(1));
    // It has the model's first answer now, and would do the same.
    zombie.child.kill('SIGCONT');
    await eventually(() => expect(zombie.said()).toContain('another worker has this run now'));
    await done;
    const run = await runOf(userId, runId);
    expect(run).toMatchObject({ state: 'completed', output: 'Reported.', usage: { toolCalls: 1 } });
    expect(await effectsOf(userId)).toHaveLength(1);
    expect((await story.told(AgentRunCompleted)).filter((told) => told.runId === runId)).toHaveLength(1);
  });

  it('one that is asked to end gives its runs back at once, and another finishes them', async () => {
    const userId = aUser();
    await scripted(userId, { content: 'Too late.', delayMs: 20_000 }, { content: 'Hello.' });
    const runId = await ask(userId);
    const leaving = startRunner();
    await atTheModel(userId);
    leaving.child.kill('SIGTERM');
    const { signal, code } = await leaving.ended;
    expect({ signal, code }).toEqual({ signal: null, code: 0 });
    expect((await runOf(userId, runId)).state).toBe('delayed');
    await story.untilDone(userId, runId);
    expect(await runOf(userId, runId)).toMatchObject({ state: 'completed', output: 'Hello.' });
  });

  it('no user has more runs at once than a user may, and no process more than it may, in all of them together', async () => {
    const [greedy, ...others] = Array.from({ length: 6 }, aUser);
    const slow = { content: 'Hello.', delayMs: 700 };
    for (const userId of [greedy ?? '', ...others]) await scripted(userId, ...Array.from({ length: 6 }, () => slow));
    const asked = await Promise.all(Array.from({ length: 6 }, () => ask(greedy ?? '')));
    for (const userId of others) asked.push(await ask(userId));
    for (let made = 0; made < 2; made++) startRunner({ RUNS_PER_USER: '2', RUNS_AT_ONCE: '3' });
    const most = { ofUser: 0, ofProcess: 0 };
    await eventually(async () => {
      most.ofUser = Math.max(most.ofUser, await running('user_id'));
      most.ofProcess = Math.max(most.ofProcess, await running('owner'));
      for (const told of asked) expect((await story.told(AgentRunCompleted)).map(({ runId }) => runId)).toContain(told);
    });
    expect(most).toEqual({ ofUser: 2, ofProcess: 3 });
  });

  it('a run that waited for an app is gone on with in seconds by a process that was not there when it was connected', async () => {
    const userId = aUser();
    await scripted(userId, { content: 'Hello.' });
    const runId = v7();
    const wanted = { runId, userId, input: `do it ${userId}`, apps: { required: ['slack'], optional: [] }, origin: 'service' as const };
    await story.deliver(AgentRunRequested, wanted);
    const first = startRunner();
    await inState(userId, runId, 'parked');
    first.child.kill('SIGKILL');
    await first.ended;
    const account = await anAccount(userId, 'slack');
    story.gate.let(userId, account);
    const { connectionId, accountId } = account;
    await story.deliver(ConnectionActivated, { connectionId, userId, app: 'slack', accountId, epoch: 0, reconnected: false });
    startRunner();
    const began = Date.now();
    await inState(userId, runId, 'completed');
    expect(Date.now() - began).toBeLessThan(10_000); // the start of a process is in it
  });
});
