import { randomUUID } from 'node:crypto';
import {
  AgentRunBlocked,
  AgentRunCompleted,
  AgentRunFailed,
  AgentRunRequested,
  AgentRunResumed,
  ConnectionActivated,
} from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { Run } from '../src/runs/run.entity.js';
import { aUser } from './run.builder.js';
import { anAccount, calls, type Story, scripted, startStory } from './story.js';

describe('when a run needs an app that is not connected', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  const request = (userId: string, input: string) => ({
    runId: randomUUID(),
    userId,
    input,
    apps: { required: ['slack'], optional: [] },
    origin: 'service' as const,
  });
  const of = <T extends { runId: string }>(told: T[], runId: string) => told.filter((data) => data.runId === runId);

  it('is refused in words before a token is spent, waits, and goes on by itself once the app is connected', async () => {
    const { deliver, deliverAgain, told, work, as, gate } = story;
    const userId = aUser();
    const wanted = request(userId, `list channels ${userId}`);
    await deliverAgain(await deliver(AgentRunRequested, wanted));
    await work();
    const path = `/v1/runs/${wanted.runId}`;
    const blocker = { app: 'slack', message: 'Please connect your Slack account first in Settings > Integrations.' };
    expect((await as(userId).get(path)).body).toMatchObject({
      state: 'parked',
      usage: { tokens: 0 },
      waitingFor: { kind: 'connection', blockers: [blocker] },
    });
    expect(of(await told(AgentRunBlocked), wanted.runId)).toMatchObject([{ userId, blockers: [blocker] }]);

    await scripted(userId, calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }), { content: 'Here they are.' });
    const account = await anAccount(userId, 'slack');
    gate.let(userId, account);
    const { connectionId, accountId } = account;
    const activated = await deliver(ConnectionActivated, { connectionId, userId, app: 'slack', accountId, epoch: 0, reconnected: false });
    await deliverAgain(activated);
    await work();
    expect((await as(userId).get(path)).body).toMatchObject({ state: 'completed', output: 'Here they are.', usage: { toolCalls: 1 } });
    expect(of(await told(AgentRunResumed), wanted.runId)).toHaveLength(1);
    expect(of(await told(AgentRunCompleted), wanted.runId)).toHaveLength(1);
  });

  it('stays asleep when another app is connected, or another user connects it', async () => {
    const { deliver, work, as } = story;
    const userId = aUser();
    const wanted = request(userId, 'anything');
    await deliver(AgentRunRequested, wanted);
    await work();
    const activated = { connectionId: randomUUID(), accountId: 'ca_x', epoch: 0, reconnected: false };
    await deliver(ConnectionActivated, [
      { ...activated, userId, app: 'gmail' },
      { ...activated, userId: aUser(), app: 'slack' },
    ]);
    expect((await as(userId).get(`/v1/runs/${wanted.runId}`)).body).toMatchObject({ state: 'parked' });
  });

  it('goes on also when the event that should wake it went by', async () => {
    const { deliver, work, as, gate, queue, em } = story;
    const userId = aUser();
    const wanted = request(userId, `say hello ${userId}`);
    await deliver(AgentRunRequested, wanted);
    await work();
    gate.let(userId, await anAccount(userId, 'slack'));
    await scripted(userId, { content: 'Hello.' });
    await asSystem(em, () => em.nativeUpdate(Run, { id: wanted.runId }, { runAt: new Date() }));
    await queue.tick();
    await work();
    expect((await as(userId).get(`/v1/runs/${wanted.runId}`)).body).toMatchObject({ state: 'completed', output: 'Hello.' });
  });

  it('fails with the reason, once, when nothing was connected in time', async () => {
    const { deliver, work, as, queue, em, told } = story;
    const userId = aUser();
    const wanted = request(userId, 'anything');
    await deliver(AgentRunRequested, wanted);
    await work();
    await asSystem(em, () => em.nativeUpdate(Run, { id: wanted.runId }, { waitsUntil: new Date() }));
    await queue.tick();
    await queue.tick();
    expect((await as(userId).get(`/v1/runs/${wanted.runId}`)).body).toMatchObject({
      state: 'failed',
      error: { code: 'connection_required', message: expect.stringContaining('Please connect your Slack account first') },
    });
    expect(of(await told(AgentRunFailed), wanted.runId)).toHaveLength(1);
  });

  it('is put off, not failed, while the gate does not answer', async () => {
    const { deliver, work, as, gate } = story;
    const userId = aUser();
    const wanted = request(userId, 'anything');
    gate.down = true;
    try {
      await deliver(AgentRunRequested, wanted);
      await work();
    } finally {
      gate.down = false;
    }
    expect((await as(userId).get(`/v1/runs/${wanted.runId}`)).body).toMatchObject({ state: 'delayed', usage: { tokens: 0 } });
  });

  it('goes on without an optional app, without its tools, and the agent is told', async () => {
    const { deliver, work, as, gate } = story;
    const userId = aUser();
    gate.let(userId, await anAccount(userId, 'slack'));
    await scripted(userId, calls({ name: 'GMAIL_FETCH_EMAILS', arguments: {} }), { content: 'No Gmail here.' });
    const wanted = {
      ...request(userId, `look around ${userId}`),
      apps: { required: ['slack'], optional: ['gmail'], accounts: { slack: 'Work' } },
    };
    await deliver(AgentRunRequested, wanted);
    await work();
    expect((await as(userId).get(`/v1/runs/${wanted.runId}`)).body).toMatchObject({ state: 'completed', usage: { toolCalls: 0 } });
    expect(gate.named.get(userId)).toEqual({ slack: 'Work' }); // and of several accounts the one that was asked for
  });
});
