import { randomUUID } from 'node:crypto';
import type { ApprovalView, PinnedAccount, RunView } from '@gatehouse/contracts';
import { asSystem, asUsers } from '@gatehouse/persistence';
import { eventually } from '@gatehouse/testing';
import { sql } from 'kysely';
import { Approval } from '../src/approvals/approval.entity.js';
import { Decision } from '../src/decisions/decision.entity.js';
import type { Claim } from '../src/queue/claim-run.js';
import { Run } from '../src/runs/run.entity.js';
import { RunEvent } from '../src/runs/run-event.entity.js';
import { argsHash } from '../src/tools/args-hash.js';
import type { Intent, Journal } from '../src/tools/journal.js';
import { ToolCall } from '../src/tools/tool-call.entity.js';
import { aUser } from './run.builder.js';
import { anAccount, calls, effectsOf, type Story, scripted, slackMessage, startStory } from './story.js';

describe('an approval', () => {
  let story: Story;
  let journal: Journal;
  beforeAll(async () => {
    story = await startStory();
    journal = story.app.get((await import('../src/tools/journal.js')).Journal);
  });
  afterAll(() => story.close());

  async function waitingRun(userId: string, text = 'hello'): Promise<{ run: RunView; approval: ApprovalView; account: PinnedAccount }> {
    const account = await anAccount(userId, 'slack');
    story.gate.let(userId, account);
    const input = `post it ${randomUUID()}`;
    await scripted(input, calls(slackMessage(text)), { content: 'Done.' });
    const { body: run } = await story.as(userId).post('/v1/runs', { input, apps: { required: ['slack'] } });
    await story.work();
    const { body } = await story.as(userId).get(`/v1/approvals?runId=${run.id}`);
    return { run, approval: body.data[0], account };
  }
  const decide = (userId: string, { id }: { id: string }, decision: object) =>
    story.as(userId).post(`/v1/approvals/${id}/decision`, decision);
  const runOf = async (userId: string, { id }: RunView) => (await story.as(userId).get(`/v1/runs/${id}`)).body as RunView;
  const system = (statement: ReturnType<typeof sql>) =>
    asSystem(story.em, () => story.em.transactional((tx) => statement.execute(tx.getKysely())));
  const claim = async (): Promise<Claim> => {
    const { ClaimRun } = await import('../src/queue/claim-run.js');
    const claimed = await asSystem(story.em, () => story.app.get(ClaimRun).execute('a test'));
    if (!claimed) throw new Error('nothing to claim');
    return claimed;
  };
  const kindsOf = async (userId: string) => {
    const rows = await asUsers(story.em, [userId], () => story.em.find(Decision, { userId }, { orderBy: { seq: 'asc' } }));
    return rows.map(({ kind }) => kind);
  };

  /** An approved call that is about to leave, in the hands of a worker. */
  async function aboutToLeave(userId: string): Promise<{ lease: Claim; intent: Intent; approval: ApprovalView }> {
    const { approval, account } = await waitingRun(userId);
    await decide(userId, approval, { decision: 'approve' });
    const lease = await claim();
    expect(lease.userId).toBe(userId);
    const row = await asUsers(story.em, [userId], () => story.em.findOneOrFail(Approval, { id: approval.id }));
    const { connectionId, epoch } = account;
    const pinned = { id: account.accountId, owner: userId, app: 'slack' };
    const tool = { name: approval.tool, class: 'write', title: approval.title, definition: {}, account: pinned, connectionId, epoch };
    const { toolCallId: callId, argsHash: hash } = row;
    const intent = { callId, tool, args: approval.arguments, argsHash: hash, decision: 'approved', approvalId: approval.id };
    return { lease, intent: intent as unknown as Intent, approval };
  }
  const start = (lease: Claim, intent: Intent) => asUsers(story.em, [lease.userId], () => journal.start(lease, intent));
  const written = ({ userId, runId }: Claim) => asUsers(story.em, [userId], () => story.em.count(ToolCall, { userId, runId }));

  it('says what it is about, why it asks and what it binds, also after it was decided', async () => {
    const userId = aUser();
    const { run, approval, account } = await waitingRun(userId);
    const about = { runId: run.id, tool: 'SLACK_SEND_MESSAGE', class: 'write', title: 'Send a message with Slack', editedFrom: null };
    const bound = { accountId: account.accountId, connectionId: account.connectionId, why: 'This changes something for others to see.' };
    expect(approval).toMatchObject({ ...about, ...bound, state: 'waiting' });
    await decide(userId, approval, { decision: 'reject', reason: 'not today' });
    expect((await story.as(userId).get(`/v1/approvals/${approval.id}`)).body).toMatchObject({
      state: 'rejected',
      decidedAt: expect.any(String),
    });
    expect((await story.as(aUser()).get(`/v1/approvals/${approval.id}`)).status).toBe(404);
    expect((await story.as(userId).get(`/v1/approvals?runId=${run.id}`)).body.data).toEqual([]);
    const again = await decide(userId, approval, { decision: 'approve' });
    expect(again).toMatchObject({
      status: 409,
      body: { code: 'already_decided', detail: expect.stringContaining('You already said no to this') },
    });
  });

  it('is good for its own run, call, tool, arguments, account and user alone, and once', async () => {
    const userId = aUser();
    const { lease, intent } = await aboutToLeave(userId);
    const { tool } = intent;
    const another: Intent[] = [
      { ...intent, callId: 'another' },
      { ...intent, tool: { ...tool, name: 'SLACK_DELETE_A_MESSAGE' } },
      { ...intent, argsHash: argsHash({ channel: '#general', text: 'other' }) },
      { ...intent, tool: { ...tool, account: { ...tool.account, id: 'ca_another' as typeof tool.account.id } } },
    ];
    for (const one of another) await expect(start(lease, one)).rejects.toMatchObject({ error: { code: 'approval_expired' } });
    const otherUser = aUser();
    const foreign = await aboutToLeave(otherUser);
    const stolen = { ...foreign.intent, approvalId: intent.approvalId as string };
    await expect(start(foreign.lease, stolen)).rejects.toMatchObject({ error: { code: 'approval_expired' } });
    expect([await written(lease), await written(foreign.lease)]).toEqual([0, 0]);

    await start(lease, intent);
    expect(await written(lease)).toBe(1);
    await expect(start(lease, intent)).rejects.toMatchObject({ error: { code: 'approval_expired' } });
    const { toolCalls } = await asUsers(story.em, [userId], () => story.em.findOneOrFail(Run, { id: lease.runId }));
    expect(toolCalls).toBe(1);
    expect(await kindsOf(userId)).toEqual(['tool.asked', 'approval.approved', 'approval.used']);
  });

  it('is not good for another run of the same user, though all else is the same', async () => {
    const userId = aUser();
    const first = await aboutToLeave(userId);
    const second = await aboutToLeave(userId);
    const { approvalId } = first.intent;
    await system(sql`update approval set tool_call_id = ${second.intent.callId}, account_id = ${second.intent.tool.account.id}
      where id = ${approvalId}`);
    await expect(start(second.lease, { ...second.intent, approvalId: approvalId as string })).rejects.toMatchObject({
      error: { code: 'approval_expired' },
    });
    expect(await written(second.lease)).toBe(0);
  });

  it('is not used after its time, not even between the yes and the call', async () => {
    const userId = aUser();
    const { lease, intent } = await aboutToLeave(userId);
    await system(sql`update approval set expires_at = now() - interval '1 s' where id = ${intent.approvalId}`);
    await expect(start(lease, intent)).rejects.toMatchObject({ error: { code: 'approval_expired' } });
    expect(await written(lease)).toBe(0);
  });

  it('that nobody decides expires with its run, and cannot be given any more', async () => {
    const userId = aUser();
    const { run, approval } = await waitingRun(userId);
    await system(sql`update run set waits_until = now() - interval '1 s' where id = ${run.id}`);
    await system(sql`update approval set expires_at = now() - interval '1 s' where id = ${approval.id}`);
    expect(await decide(userId, approval, { decision: 'approve' })).toMatchObject({ status: 409, body: { code: 'approval_expired' } });
    await story.queue.tick();
    expect(await runOf(userId, run)).toMatchObject({ state: 'failed', error: { code: 'approval_expired' } });
    expect(await decide(userId, approval, { decision: 'approve' })).toMatchObject({ status: 409, body: { code: 'approval_expired' } });
    expect(await kindsOf(userId)).toEqual(['tool.asked', 'approval.expired']);
    expect(await effectsOf(userId)).toEqual([]);
  });

  it('is edited into one of its own, which has to fit the tool', async () => {
    const userId = aUser();
    const { run, approval } = await waitingRun(userId);
    const wrong = await decide(userId, approval, { decision: 'edit', arguments: { text: 7 } });
    expect(wrong).toMatchObject({ status: 422, body: { code: 'bad_arguments' } });
    expect(wrong.body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['arguments.channel', 'arguments.text']);
    const edited = { channel: '#general', text: 'hello, all' };
    const { body } = await decide(userId, approval, { decision: 'edit', arguments: edited });
    expect(body).toMatchObject({ state: 'approved', editedFrom: approval.id, arguments: edited });
    expect(await decide(userId, approval, { decision: 'approve' })).toMatchObject({ status: 409, body: { code: 'already_decided' } });
    await story.work();
    expect(await runOf(userId, run)).toMatchObject({ state: 'completed' });
    expect(await effectsOf(userId)).toMatchObject([{ arguments: edited }]);
    expect(await kindsOf(userId)).toEqual(['tool.asked', 'approval.edited', 'approval.used', 'tool.done']);
  });

  it('that was refused stands among the calls, without its words in the log of decisions', async () => {
    const userId = aUser();
    const { approval } = await waitingRun(userId, 'CANARY-TEXT');
    await decide(userId, approval, { decision: 'reject', reason: 'CANARY-REASON' });
    await story.work();
    expect((await story.as(userId).get('/v1/activity')).body.data).toMatchObject([
      { tool: 'SLACK_SEND_MESSAGE', state: 'refused', decision: 'rejected', accountId: approval.accountId },
    ]);
    const rows = await asUsers(story.em, [userId], () => story.em.find(Decision, { userId }));
    expect(rows.map(({ kind }) => kind)).toEqual(['tool.asked', 'approval.rejected']);
    expect(JSON.stringify(rows)).not.toContain('CANARY');
  });

  it('does not leave when somebody stopped the run while it was waiting for its turn', async () => {
    const userId = aUser();
    const { lease, intent } = await aboutToLeave(userId);
    const stopped = await whileLocked(
      lease,
      sql`update run set cancel_asked_by = 'user', last_event = last_event + 1 where id = ${lease.runId}`,
      () => start(lease, intent).catch((error: Error) => error.constructor.name),
    );
    expect(stopped).toBe('RunStopped');
    expect(await written(lease)).toBe(0);
  });

  it('is counted and told in order when something else of the run was written meanwhile', async () => {
    const userId = aUser();
    const { lease, intent } = await aboutToLeave(userId);
    const { runId } = lease;
    await whileLocked(lease, sql`update run set tool_calls = tool_calls + 1, last_event = last_event + 1 where id = ${runId}`, () =>
      start(lease, intent),
    );
    const run = await asUsers(story.em, [userId], () => story.em.findOneOrFail(Run, { id: runId }));
    const last = await asUsers(story.em, [userId], () => story.em.findOneOrFail(RunEvent, { runId, type: 'tool.started' }));
    expect([run.toolCalls, last.seq]).toEqual([2, run.lastEvent]);
  });

  /** Starts `work` while another transaction holds the run with a change that it then commits. */
  async function whileLocked<T>({ userId }: Claim, change: ReturnType<typeof sql>, work: () => Promise<T>): Promise<T> {
    const [locked, waits] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = asUsers(story.em, [userId], () =>
      story.em.transactional(async (tx) => {
        await change.execute(tx.getKysely());
        locked.resolve();
        await waits.promise;
      }),
    );
    await locked.promise;
    const result = work();
    await eventually(async () => {
      const { rows } = (await system(sql`select 1 from pg_locks where not granted`)) as { rows: unknown[] };
      if (!rows.length) throw new Error('it does not wait yet');
    });
    waits.resolve();
    await holding;
    return result;
  }
});
