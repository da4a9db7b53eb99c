import type { RunView } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { eventually, sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import type { RunsWorker } from '../src/queue/runs.worker.js';
import { Run } from '../src/runs/run.entity.js';
import { RunEvent } from '../src/runs/run-event.entity.js';
import { aRun, aUser } from './run.builder.js';
import { anAccount, calls, type Story, scripted, slackMessage, startStory } from './story.js';

describe('runs of one conversation', () => {
  let story: Story;
  let other: TestApp;
  let workers: RunsWorker[];
  beforeAll(async () => {
    story = await startStory();
    const { AppModule } = await import('../src/app.module.js');
    const { RunsWorker: worker } = await import('../src/queue/runs.worker.js');
    other = await startApp(AppModule);
    workers = [story.runs, other.app.get(worker)];
  });
  afterAll(async () => {
    await other.close();
    await story.close();
  });

  const ask = async (userId: string, input: string, conversationId = 'talk'): Promise<string> =>
    (await story.as(userId).post('/v1/runs', { input: `${input} ${userId}`, conversationId, apps: { required: ['slack'] } })).body.id;
  const viewOf = async (userId: string, id: string): Promise<RunView> => (await story.as(userId).get(`/v1/runs/${id}`)).body;
  const system = <T>(work: () => Promise<T>) => asSystem(story.em, work);
  /** Both replicas look for work, side by side, until these have this state. */
  const bothWork = (userId: string, ids: readonly string[], state = 'completed') =>
    eventually(async () => {
      await story.queue.tick();
      await Promise.all(workers.map(async (worker) => (await worker.tick()) && worker.idle()));
      for (const id of ids) expect((await viewOf(userId, id)).state).toBe(state);
    });
  const connected = async () => {
    const userId = aUser();
    story.gate.let(userId, await anAccount(userId, 'slack'));
    return userId;
  };

  it('go one at a time, in the order in which they were asked for, with two replicas at work, and are not tried over and over', async () => {
    const userId = await connected();
    const ids: string[] = [];
    for (let made = 0; made < 6; made++) ids.push(await ask(userId, `question ${made}`));
    await scripted(userId, ...ids.map((_, index) => ({ content: `answer ${index}`, delayMs: 120 })));
    await bothWork(userId, ids);
    const outputs = await Promise.all(ids.map(async (id) => (await viewOf(userId, id)).output));
    expect(outputs).toEqual(ids.map((_, index) => `answer ${index}`));
    const events = await system(() =>
      story.em.find(RunEvent, { userId, type: { $in: ['run.started', 'run.completed'] } }, { orderBy: { at: 'asc' } }),
    );
    expect(events.map(({ runId, type }) => [runId, type])).toEqual(
      ids.flatMap((id) => [
        [id, 'run.started'],
        [id, 'run.completed'],
      ]),
    );
    const claims = (await system(() => story.em.find(Run, { userId }))).map(({ fence }) => fence);
    expect(Math.max(...claims)).toBeLessThanOrEqual(3);
  });

  it('wait behind one that is put off, and other conversations do not', async () => {
    const userId = await connected();
    const [first, second] = [await ask(userId, 'first'), await ask(userId, 'second')];
    await scripted(`first ${userId}`, { status: 503 }, { content: 'one' });
    await scripted(`second ${userId}`, { content: 'two' });
    await scripted(`elsewhere ${userId}`, { content: 'three' });
    const elsewhere = await ask(userId, 'elsewhere', 'another');
    await story.work();
    expect((await viewOf(userId, elsewhere)).state).toBe('completed');
    expect((await viewOf(userId, first)).state).toBe('delayed');
    expect(await viewOf(userId, second)).toMatchObject({ state: 'delayed', waitingFor: null });
    await bothWork(userId, [first, second]);
    const [one, two] = await Promise.all([first, second].map((id) => viewOf(userId, id)));
    expect(Date.parse(two?.finishedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(one?.finishedAt ?? ''));
  });

  it('do not wait for one that waits for its user, who may go on talking', async () => {
    const userId = await connected();
    await scripted(`first ${userId}`, calls(slackMessage('hello')), { content: 'sent' });
    await scripted(`second ${userId}`, { content: 'meanwhile' });
    const [first, second] = [await ask(userId, 'first'), await ask(userId, 'second')];
    await bothWork(userId, [second]);
    const { approvalId } = (await viewOf(userId, first)).waitingFor ?? {};
    await story.as(userId).post(`/v1/approvals/${approvalId}/decision`, { decision: 'approve' });
    await bothWork(userId, [first]);
  });

  it('pass the turn on when one is cancelled', async () => {
    const userId = await connected();
    await scripted(`first ${userId}`, { status: 503 });
    await scripted(`second ${userId}`, { content: 'two' });
    const [first, second] = [await ask(userId, 'first'), await ask(userId, 'second')];
    await story.work();
    expect((await viewOf(userId, second)).state).toBe('delayed');
    await story.as(userId).post(`/v1/runs/${first}/cancel`);
    await story.work(); // without any tick of the queue's chores
    expect((await viewOf(userId, second)).state).toBe('completed');
  });

  it('know the last ten that ended, and of much text the end', async () => {
    const userId = await connected();
    const conversationId = 'long';
    for (let index = 0; index < 12; index++) {
      const finishedAt = new Date(Date.now() - 60_000 + index);
      const output = `answer ${index} ${'ä'.repeat(index === 4 ? 40_000 : 10)}`;
      await story.save(aRun({ userId, conversationId, state: 'completed', input: `question ${index}`, output, finishedAt }));
    }
    await scripted(`and now ${userId}`, { content: 'ok' });
    await ask(userId, 'and now', conversationId);
    await story.work();
    const { items } = await sandboxControl.get<{ items: { body: { messages: { content: string }[] } }[] }>('model/requests');
    const [, earlier] = items.at(-1)?.body.messages.map(({ content }) => content) ?? [];
    expect(earlier).toMatch(
      /^Earlier in this conversation, not verified:\n\n\[What was said before this is left out: it is too long\.\]\nä/,
    );
    expect(earlier).toContain('question 11');
    expect(earlier).not.toContain('question 3');
    expect(Buffer.byteLength(earlier ?? '')).toBeLessThan(33 * 1024);
  });
});
