import { AgentRunCancelled, AgentRunRequested, UserDeleted } from '@gatehouse/contracts';
import { asSystem, asUsers, verifyChains } from '@gatehouse/persistence';
import { Decision } from '../src/decisions/decision.entity.js';
import { DecisionHead } from '../src/decisions/decision-head.entity.js';
import { addDecisions } from '../src/decisions/decisions.js';
import { Run } from '../src/runs/run.entity.js';
import { aRun, aUser } from './run.builder.js';
import { type Story, startStory } from './story.js';

describe('when a user is deleted', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  const inAWeek = new Date(Date.now() + 7 * 24 * 60 * 60 * 1000);
  const waitsForSlack = { state: 'parked', waitingFor: 'connection', waitsUntil: inAWeek, runAt: inAWeek } as const;

  it('cancels what waits, asks what runs, says so once, and leaves others alone', async () => {
    const { deliver, deliverAgain, reload, save, told } = story;
    const waiting = await save(aRun(waitsForSlack));
    const running = await save(aRun({ state: 'running', userId: waiting.userId, fence: 1, leaseUntil: inAWeek }));
    const others = await save(aRun(waitsForSlack));
    const batch = await deliver(UserDeleted, { userId: waiting.userId });
    await deliverAgain(batch);
    expect(await reload(waiting)).toMatchObject({ state: 'cancelled' });
    expect(await reload(running)).toMatchObject({ state: 'running', cancelAskedBy: 'user.deleted' });
    expect(await reload(others)).toMatchObject({ state: 'parked' });
    const said = (await told(AgentRunCancelled)).filter(({ userId }) => userId === waiting.userId);
    expect(said).toMatchObject([{ runId: waiting.id, by: 'user.deleted' }]);
  });

  it('does nothing with a request that comes late, and keeps nothing of theirs', async () => {
    const { deliver, save, forgetting, em } = story;
    const run = await save(aRun(waitsForSlack));
    const other = aUser();
    const decision = { kind: 'run.refused', data: {} } as const;
    for (const userId of [run.userId, other])
      await asUsers(em, [userId], () => em.transactional((own) => addDecisions(own, [{ userId, ...decision }])));
    await deliver(UserDeleted, { userId: run.userId });
    const late = { runId: aRun().id, userId: run.userId, input: 'hello', apps: { required: [], optional: [] }, origin: 'service' as const };
    await deliver(AgentRunRequested, late);
    await forgetting.tick();
    const theirs = { userId: run.userId };
    const left = await asSystem(em, async () => [
      await em.find(Run, theirs),
      await em.find(Decision, theirs),
      await em.find(DecisionHead, theirs),
    ]);
    expect(left).toEqual([[], [], []]);
    const chains = [];
    for await (const { rows, faults } of verifyChains(em, other)) chains.push([rows, faults]);
    expect(chains).toEqual([[1, []]]);
  });

  it('is the same for users of one batch and for a batch each', async () => {
    const { deliver, save, reload } = story;
    const users = [aUser(), aUser(), aUser()];
    const runs = await Promise.all(users.map((userId) => save(aRun({ ...waitsForSlack, userId }))));
    const [one = '', ...rest] = users;
    await deliver(UserDeleted, { userId: one });
    await deliver(
      UserDeleted,
      rest.map((userId) => ({ userId })),
    );
    for (const run of runs) expect(await reload(run)).toMatchObject({ state: 'cancelled' });
  });
});
