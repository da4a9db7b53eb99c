import { AgentRunApprovalRequested, AgentRunResumed, type ApprovalView, type RunView } from '@gatehouse/contracts';
import { aUser } from './run.builder.js';
import { anAccount, calls, effectsOf, type Story, scripted, slackMessage, startStory } from './story.js';

describe('when an agent wants to write', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  /** A run of this user that waits for the approval of one message. */
  async function waitingRun(userId: string, text: string): Promise<{ run: RunView; approval: ApprovalView; accountId: string }> {
    const account = await anAccount(userId, 'slack');
    story.gate.let(userId, account);
    await scripted(userId, calls(slackMessage(text)), { content: 'Done.' });
    const { body: run, status } = await story.as(userId).post('/v1/runs', { input: `post it ${userId}`, apps: { required: ['slack'] } });
    expect(status).toBe(202);
    await story.work();
    const { body } = await story.as(userId).get('/v1/approvals');
    return { run: run as RunView, approval: (body as { data: ApprovalView[] }).data[0] as ApprovalView, accountId: account.accountId };
  }
  const decide = (userId: string, { id }: ApprovalView, decision: object) =>
    story.as(userId).post(`/v1/approvals/${id}/decision`, decision);
  const runOf = async (userId: string, { id }: RunView) => (await story.as(userId).get(`/v1/runs/${id}`)).body as RunView;

  it('asks, waits without a worker, and after a yes does it once, with that user’s account', async () => {
    const userId = aUser();
    const { run, approval, accountId } = await waitingRun(userId, 'hello');
    expect(await runOf(userId, run)).toMatchObject({ state: 'parked', waitingFor: { kind: 'approval', approvalId: approval.id } });
    expect(await effectsOf(userId)).toEqual([]);
    const asked = (await story.told(AgentRunApprovalRequested)).filter(({ runId }) => runId === run.id);
    expect(asked).toMatchObject([{ approvalId: approval.id, tool: 'SLACK_SEND_MESSAGE', summary: 'Send a message with Slack' }]);

    expect(await decide(userId, approval, { decision: 'approve' })).toMatchObject({ status: 200, body: { state: 'approved' } });
    expect(await decide(userId, approval, { decision: 'approve' })).toMatchObject({ status: 409, body: { code: 'already_decided' } });
    await story.work();
    expect(await runOf(userId, run)).toMatchObject({ state: 'completed', output: 'Done.' });
    const effects = await effectsOf(userId);
    expect(effects).toMatchObject([{ tool: 'SLACK_SEND_MESSAGE', account: accountId, arguments: { text: 'hello' } }]);
    expect((await story.told(AgentRunResumed)).filter(({ runId }) => runId === run.id)).toMatchObject([{ after: 'approval' }]);
    const { body: activity } = await story.as(userId).get('/v1/activity');
    expect(activity).toMatchObject({ data: [{ decision: 'approved', state: 'done', accountId }] });
  });

  it('does what the user made of it', async () => {
    const userId = aUser();
    const { run, approval } = await waitingRun(userId, 'hello');
    const edit = { decision: 'edit', arguments: { channel: '#general', text: 'hello, all' } };
    expect(await decide(userId, approval, edit)).toMatchObject({ status: 200, body: { state: 'approved', arguments: edit.arguments } });
    await story.work();
    expect(await runOf(userId, run)).toMatchObject({ state: 'completed' });
    expect(await effectsOf(userId)).toMatchObject([{ arguments: { text: 'hello, all' } }]);
  });

  it('does nothing after a no, and the agent is told', async () => {
    const userId = aUser();
    const { run, approval } = await waitingRun(userId, 'hello');
    await decide(userId, approval, { decision: 'reject', reason: 'not today' });
    await story.work();
    expect(await runOf(userId, run)).toMatchObject({ state: 'completed', usage: { toolCalls: 0 } });
    expect(await effectsOf(userId)).toEqual([]);
  });

  it('is nobody else’s to decide or to see', async () => {
    const userId = aUser();
    const { run, approval } = await waitingRun(userId, 'hello');
    expect(await decide(aUser(), approval, { decision: 'approve' })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await story.as(aUser()).get('/v1/approvals')).toMatchObject({ body: { data: [] } });
    expect(await runOf(userId, run)).toMatchObject({ state: 'parked' });
  });

  it('asks again when the account behind it is another one by then', async () => {
    const userId = aUser();
    const { run, approval } = await waitingRun(userId, 'hello');
    const account = await anAccount(userId, 'slack');
    story.gate.let(userId, account);
    await decide(userId, approval, { decision: 'approve' });
    await story.work();
    expect(await effectsOf(userId)).toEqual([]);
    expect(await runOf(userId, run)).toMatchObject({ state: 'parked', waitingFor: { kind: 'approval' } });
    const { body } = await story.as(userId).get('/v1/approvals');
    expect(body).toMatchObject({ data: [{ accountId: account.accountId, state: 'waiting' }] });
  });
});
