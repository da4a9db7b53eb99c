import { randomUUID } from 'node:crypto';
import {
  AgentRunApprovalRequested,
  AgentRunCompleted,
  AgentRunRequested,
  ConnectionActivated,
  ConnectionSuspected,
} from '@gatehouse/contracts';
import { sandboxControl } from '@gatehouse/testing';
import { aUser } from './run.builder.js';
import { anAccount, calls, effectsOf, type Story, scripted, startStory } from './story.js';

const mail = { name: 'GMAIL_SEND_EMAIL', arguments: { recipient_email: 'boss@example.com', subject: 'Report', body: 'All is well.' } };
const issue = { name: 'GITHUB_CREATE_AN_ISSUE', arguments: { owner: 'acme', repo: 'site', title: 'Report' } };

describe('when an operator marked an agent’s write tools unattended', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  async function requested(...turns: object[]) {
    const userId = aUser();
    const accounts = await Promise.all(['gmail', 'github'].map((app) => anAccount(userId, app)));
    story.gate.let(userId, ...accounts);
    await scripted(userId, ...turns, { content: 'Reported.' });
    const wish = { runId: randomUUID(), userId, input: `report ${userId}`, agent: 'reporter', origin: 'service' as const };
    await story.deliver(AgentRunRequested, { ...wish, apps: { required: ['gmail', 'github'], optional: [] } });
    await story.work();
    return { userId, runId: wish.runId, accounts };
  }
  const runOf = async (userId: string, runId: string) => (await story.as(userId).get(`/v1/runs/${runId}`)).body;

  it('does both with that user’s accounts, asks nobody, and says in its record that nobody was asked', async () => {
    const { userId, runId, accounts } = await requested(calls(mail, issue));
    expect(await runOf(userId, runId)).toMatchObject({ state: 'completed', usage: { toolCalls: 2 } });
    const effects = await effectsOf(userId);
    expect(effects.map(({ tool, account }) => [tool, account]).sort()).toEqual([
      ['GITHUB_CREATE_AN_ISSUE', accounts[1]?.accountId],
      ['GMAIL_SEND_EMAIL', accounts[0]?.accountId],
    ]);
    expect((await story.told(AgentRunApprovalRequested)).filter((told) => told.runId === runId)).toEqual([]);
    expect((await story.told(AgentRunCompleted)).filter((told) => told.runId === runId)).toHaveLength(1);
    const { body } = await story.as(userId).get('/v1/activity');
    expect(body.data.map(({ decision }: { decision: string }) => decision)).toEqual(['unattended', 'unattended']);
  });

  it('has no tools but those of its file', async () => {
    const { userId, runId } = await requested(calls({ name: 'GITHUB_DELETE_A_REPOSITORY', arguments: { owner: 'acme', repo: 'site' } }));
    expect(await runOf(userId, runId)).toMatchObject({ state: 'completed', usage: { toolCalls: 0 } });
    expect(await effectsOf(userId)).toEqual([]);
  });

  it('pauses when an account is refused, says so once, and goes on with the new account after a reconnect', async () => {
    const userId = aUser();
    const [gmail, github] = [await anAccount(userId, 'gmail'), await anAccount(userId, 'github')];
    story.gate.let(userId, gmail, github);
    await sandboxControl.patch(`accounts/${gmail.accountId}`, { providerHealth: 'refuse' });
    await scripted(userId, calls(mail, issue), { content: 'Reported.' });
    const runId = randomUUID();
    const wish = { runId, userId, input: `report ${userId}`, agent: 'reporter', origin: 'service' as const };
    await story.deliver(AgentRunRequested, { ...wish, apps: { required: [], optional: [] } });
    await story.work();
    expect(await runOf(userId, runId)).toMatchObject({
      state: 'parked',
      waitingFor: {
        kind: 'connection',
        blockers: [{ app: 'gmail', message: 'Your Gmail connection has expired. Please reconnect in Settings > Integrations.' }],
      },
    });
    const { connectionId, accountId, epoch } = gmail;
    const suspected = (await story.told(ConnectionSuspected)).filter((told) => told.userId === userId);
    expect(suspected).toMatchObject([{ connectionId, accountId, epoch }]);

    const again = { ...(await anAccount(userId, 'gmail')), connectionId, epoch: 1 };
    story.gate.let(userId, again, github);
    const activated = { connectionId, userId, app: 'gmail', accountId: again.accountId, epoch: 1, reconnected: true };
    await story.deliver(ConnectionActivated, activated);
    await story.work();
    expect(await runOf(userId, runId)).toMatchObject({ state: 'completed' });
    const effects = await effectsOf(userId);
    expect(effects.map(({ tool, account }) => [tool, account]).sort()).toEqual([
      ['GITHUB_CREATE_AN_ISSUE', github.accountId],
      ['GMAIL_SEND_EMAIL', again.accountId],
    ]);
  });

  it('does not send again what got no answer, and asks before the next write', async () => {
    const userId = aUser();
    const accounts = await Promise.all(['gmail', 'github'].map((app) => anAccount(userId, app)));
    story.gate.let(userId, ...accounts);
    await sandboxControl.post('faults', { match: { tool: 'GMAIL_SEND_EMAIL', owner: userId }, effect: { status: 502 }, times: 1 });
    await scripted(userId, calls(mail), calls(issue), { content: 'Reported.' });
    const runId = randomUUID();
    await story.deliver(AgentRunRequested, {
      runId,
      userId,
      input: `report ${userId}`,
      agent: 'reporter',
      apps: { required: [], optional: [] },
      origin: 'service',
    });
    await story.work();
    expect(await runOf(userId, runId)).toMatchObject({ state: 'parked', waitingFor: { kind: 'approval' } });
    const requests = await sandboxControl.get<{ count: number }>(`requests?tool=GMAIL_SEND_EMAIL&accountOwner=${userId}`);
    expect(requests.count).toBe(1);
    expect(await effectsOf(userId)).toEqual([]);
  });

  it('waits as long as Composio asks, and then does it once', async () => {
    const userId = aUser();
    const accounts = await Promise.all(['gmail', 'github'].map((app) => anAccount(userId, app)));
    story.gate.let(userId, ...accounts);
    const limited = { status: 429, headers: { 'retry-after': '1' }, body: {} };
    await sandboxControl.post('faults', { match: { tool: 'GMAIL_SEND_EMAIL', owner: userId }, effect: limited, times: 1 });
    await scripted(userId, calls(mail), { content: 'Reported.' });
    const runId = randomUUID();
    const wish = { runId, userId, input: `report ${userId}`, agent: 'reporter', origin: 'service' as const };
    await story.deliver(AgentRunRequested, { ...wish, apps: { required: [], optional: [] } });
    await story.work();
    expect(await runOf(userId, runId)).toMatchObject({ state: 'delayed', usage: { toolCalls: 0 } });
    await story.untilDone(userId, runId);
    expect(await runOf(userId, runId)).toMatchObject({ state: 'completed', usage: { toolCalls: 1 } });
    expect(await effectsOf(userId)).toHaveLength(1);
  });
});
