import { asSystem, asUsers } from '@gatehouse/persistence';
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint';
import { sql } from 'kysely';
import type { Run } from '../src/runs/run.entity.js';
import { argsHash } from '../src/tools/args-hash.js';
import { ToolCall } from '../src/tools/tool-call.entity.js';
import { aCall, anApproval, aRun, aUser } from './run.builder.js';
import { anAccount, calls, effectsOf, type Story, scripted, slackMessage, startStory } from './story.js';

describe('when a worker dies, or is taken for dead', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  const system = (statement: ReturnType<typeof sql>) =>
    asSystem(story.em, () => story.em.transactional((tx) => statement.execute(tx.getKysely())));
  const queued = async (given: Partial<Run>) => {
    const run = await story.save(aRun(given));
    await system(sql`insert into user_lane (user_id, ready) values (${run.userId}, 1)`);
    return run;
  };
  const claim = async () => {
    const { ClaimRun } = await import('../src/queue/claim-run.js');
    const claimed = await asSystem(story.em, () => story.app.get(ClaimRun).execute('a test'));
    if (!claimed) throw new Error('nothing to claim');
    return claimed;
  };
  /** As if its lease had run out: reaped, and due again at once. */
  const loseWorker = async (run: Run) => {
    await system(sql`update run set lease_until = now() - interval '1 s' where id = ${run.id} and state = 'running'`);
    await story.queue.tick();
    await system(sql`update run set run_at = now() where id = ${run.id} and state = 'delayed'`);
    await story.queue.tick();
  };

  /** A run whose worker died after the journal said `started` and before it said more. */
  async function diedInMidCall(call: { name: string; arguments: Record<string, unknown> }, agent: string): Promise<Run> {
    const userId = aUser();
    const app = call.name.split('_')[0]?.toLowerCase() ?? '';
    const accounts = await Promise.all((agent === 'default' ? [app] : ['gmail', 'github']).map((name) => anAccount(userId, name)));
    story.gate.let(userId, ...accounts);
    const run = await queued({ userId, agent, input: `do it ${userId}`, apps: { required: [app], optional: [] } });
    await scripted(userId, calls(call), { content: 'That is all.' });
    await dieBeforeResult(run);
    return run;
  }

  /** The call really leaves, but its worker's lease is gone by the time the result is there. */
  async function dieBeforeResult(run: Run): Promise<void> {
    const { CallTool } = await import('../src/tools/call-tool.js');
    const callTool = story.app.get(CallTool) as unknown as { composio: { executeTool: (...args: unknown[]) => Promise<unknown> } };
    const { composio } = callTool;
    callTool.composio = {
      executeTool: async (...args) => {
        const answer = await composio.executeTool(...args);
        await system(sql`update run set lease_until = now() - interval '1 s' where id = ${run.id}`);
        await story.queue.tick(); // the reaper takes it
        return answer;
      },
    };
    await story.work();
    callTool.composio = composio;
  }

  it('does not repeat a write whose outcome is not known, and says so', async () => {
    const run = await diedInMidCall(
      { name: 'GMAIL_SEND_EMAIL', arguments: { recipient_email: 'x@example.com', body: 'hello' } },
      'reporter',
    );
    expect(await effectsOf(run.userId)).toHaveLength(1);
    await loseWorker(run);
    await story.work();
    expect(await effectsOf(run.userId)).toHaveLength(1);
    expect(await story.reload(run)).toMatchObject({ state: 'completed' });
    const { body } = await story.as(run.userId).get('/v1/activity');
    expect(body).toMatchObject({ data: [{ tool: 'GMAIL_SEND_EMAIL', state: 'unknown' }] });
  });

  it('repeats a read', async () => {
    const run = await diedInMidCall({ name: 'SLACK_LIST_CHANNELS', arguments: {} }, 'default');
    await loseWorker(run);
    await story.work();
    expect(await story.reload(run)).toMatchObject({ state: 'completed' });
    const { body } = await story.as(run.userId).get('/v1/activity');
    expect(body).toMatchObject({ data: [{ tool: 'SLACK_LIST_CHANNELS', state: 'done' }] });
  });

  it('refuses every late write of the first worker', async () => {
    const { Journal } = await import('../src/tools/journal.js');
    const { FinishRun } = await import('../src/runs/finish-run.js');
    const { RenewLease } = await import('../src/queue/renew-lease.js');
    const { Checkpointer } = await import('../src/agent/checkpointer.js');
    const { LeaseLost } = await import('../src/queue/lease.js');
    const run = await queued({});
    const first = await claim();
    await loseWorker(run);
    const second = await claim();
    expect(second.fence).toBe(first.fence + 1);
    await story.save(aCall(run, { toolCallId: 'call', state: 'started', fence: second.fence }));
    const { app, em } = story;
    const put = (lease: typeof first) =>
      app
        .get(Checkpointer)
        .for(lease)
        .put({ configurable: { thread_id: run.id, checkpoint_ns: '' } }, emptyCheckpoint(), { source: 'loop', step: 0, parents: {} }, {});
    const writes: (() => Promise<unknown>)[] = [
      () => app.get(Journal).finish(first, 'call', { state: 'done', result: '' }),
      () =>
        app.get(Journal).refuse(first, { callId: 'call', name: 'X', args: {}, argsHash: argsHash({}), code: 'unknown_tool', why: 'no' }),
      () => app.get(FinishRun).execute(first, { state: 'completed', output: 'late', activeMs: 0 }),
      () => app.get(RenewLease).execute(first, 0),
      () => put(first),
      () =>
        app
          .get(Checkpointer)
          .for(first)
          .getTuple({ configurable: { thread_id: run.id } }),
    ];
    for (const write of writes) await expect(asUsers(em, [run.userId], write)).rejects.toThrow(LeaseLost);
    await put(second);
    expect(await story.reload(run)).toMatchObject({ state: 'running', fence: second.fence, output: null });
  });

  it('ends with what still waits of it, and leaves its place to another run', async () => {
    const { FinishRun } = await import('../src/runs/finish-run.js');
    const run = await queued({});
    const held = await claim();
    const waiting = await story.save(anApproval(aCall(run), { state: 'waiting' }));
    const other = await queued({});
    const heldToo = await claim();
    for (const one of [held, heldToo]) {
      const ending = { state: 'completed', output: 'Done.', activeMs: 5 } as const;
      await asUsers(story.em, [one.userId], () => story.app.get(FinishRun).execute(one, ending));
    }
    for (const one of [run, other]) expect(await story.reload(one)).toMatchObject({ state: 'completed', output: 'Done.', activeMs: 5 });
    expect(await story.reload(waiting)).toMatchObject({ state: 'cancelled' });
    const busy = sql<{ user_id: string }>`select user_id from user_lane where running <> 0 and user_id in (${run.userId}, ${other.userId})`;
    const { rows } = await asSystem(story.em, () => story.em.transactional((tx) => busy.execute(tx.getKysely())));
    expect(rows).toEqual([]);
  });

  it('lets no checkpoint be read for another user’s run, whatever fence is claimed', async () => {
    const { Checkpointer } = await import('../src/agent/checkpointer.js');
    const run = await queued({});
    const held = await claim();
    const stranger = { ...held, userId: aUser() };
    await expect(
      story.app
        .get(Checkpointer)
        .for(stranger)
        .getTuple({ configurable: { thread_id: run.id } }),
    ).rejects.toThrow(/no longer held/);
  });

  it('gives a run up that took three workers with it', async () => {
    const run = await queued({});
    for (let times = 0; times < 3; times++) {
      await claim();
      await loseWorker(run);
    }
    expect(await story.reload(run)).toMatchObject({ state: 'failed', error: { code: 'worker_lost' } });
  });

  it('stops a run whose call is no longer what the journal says', async () => {
    const userId = aUser();
    story.gate.let(userId, await anAccount(userId, 'slack'));
    const run = await queued({ userId, input: `do it ${userId}`, apps: { required: ['slack'], optional: [] } });
    await scripted(userId, calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }), { content: 'Done.' });
    await dieBeforeResult(run);
    await asUsers(story.em, [userId], () => story.em.nativeUpdate(ToolCall, { userId }, { argsHash: argsHash(slackMessage('other')) }));
    await loseWorker(run);
    await story.work();
    expect(await story.reload(run)).toMatchObject({ state: 'failed', error: { code: 'arguments_changed' } });
  });
});
