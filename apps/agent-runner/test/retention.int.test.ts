import { randomUUID } from 'node:crypto';
import { asUsers, verifyChains } from '@gatehouse/persistence';
import { Approval } from '../src/approvals/approval.entity.js';
import { Decision } from '../src/decisions/decision.entity.js';
import { UserTombstone } from '../src/forgetting/user-tombstone.entity.js';
import { UserLane } from '../src/queue/user-lane.entity.js';
import { Run } from '../src/runs/run.entity.js';
import { ToolCall } from '../src/tools/tool-call.entity.js';
import { aRun, aUser } from './run.builder.js';
import { type Story, startStory } from './story.js';

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

describe('what is past its time', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  const kept = async (rows: object[]) => {
    await story.forgetting.prune();
    const found = await Promise.all(rows.map((row) => story.reload(row).catch(() => null)));
    return found.map((row) => row !== null);
  };

  const withAllOfIt = async (given: Partial<Run>) => {
    const run = await story.save(aRun({ threadKept: false, ...given }));
    const { id: runId, userId } = run;
    const account = { connectionId: randomUUID(), accountId: 'ca_1', app: 'slack', tool: 'SLACK_SEND_MESSAGE' };
    const call = { runId, toolCallId: 'call_1', userId, ...account, argsHash: '' };
    return [
      run,
      await story.save(run.event('run.queued')),
      await story.save(Object.assign(new ToolCall(), call, { epoch: 0, class: 'write', decision: 'approved', state: 'done', fence: 1 })),
      await story.save(
        Object.assign(new Approval(), call, {
          id: randomUUID(),
          summary: '',
          class: 'write',
          why: '',
          arguments: {},
          state: 'used',
          expiresAt: new Date(),
        }),
      ),
    ];
  };

  it('goes: a run that ended RUNS_KEPT_DAYS (90) ago, with its timeline, its journal and its approvals', async () => {
    const rows = [
      ...(await withAllOfIt({ state: 'completed', finishedAt: daysAgo(91) })),
      ...(await withAllOfIt({ state: 'completed', finishedAt: daysAgo(89) })),
    ];
    expect(await kept(rows)).toEqual([false, false, false, false, true, true, true, true]);
  });

  it('is never a run that waits, however old, nor one whose checkpoints are still kept: those go first', async () => {
    const waiting = await story.save(aRun({ state: 'parked', createdAt: daysAgo(400) }));
    const ended = await story.save(aRun({ state: 'failed', finishedAt: daysAgo(400) }));
    expect(await kept([waiting, ended])).toEqual([true, true]);
    await story.forgetting.tick();
    expect((await story.reload(ended)).threadKept).toBe(false);
    expect(await kept([waiting, ended])).toEqual([true, false]);
  });

  it('goes: what was decided DECISIONS_KEPT_DAYS (400) ago, from the beginning of a chain, and what is left of the chain holds', async () => {
    const [ana, ben] = [aUser(), aUser()];
    // Whatever is said here, the trigger gives the place in the chain.
    const decided = (userId: string, days: number) =>
      story.save(
        Object.assign(new Decision(), { userId, seq: 0, kind: 'tool.allowed', data: '{}', prev: '', hash: '', at: daysAgo(days) }),
      );
    for (const days of [402, 401, 399, 401, 1]) await decided(ana, days); // the clock went back for a moment
    await decided(ben, 401);
    const left = async () => {
      await story.forgetting.prune();
      const chains = [];
      for await (const { rows, faults } of verifyChains(story.em)) chains.push([rows, faults]);
      return chains;
    };
    expect(await left()).toEqual([[3, []]]);
    await decided(ben, 0);
    expect(await left()).toEqual([[4, []]]);
    const decisions = await asUsers(story.em, [ana, ben], () => story.em.find(Decision, {}, { orderBy: { userId: 'asc', seq: 'asc' } }));
    const numbers = (userId: string) => decisions.filter((row) => row.userId === userId).map(({ seq }) => seq);
    expect([numbers(ana), numbers(ben)]).toEqual([[3, 4, 5], [2]]);
  });

  it('goes: the lane of a user who rests, after a day, and the tombstone of one who was forgotten, after 60', async () => {
    const lane = (lastServed: Date, ready = 0) =>
      story.save(Object.assign(new UserLane(), { userId: aUser(), ready, running: 0, lastServed }));
    const tombstone = (forgottenAt: Date | null) =>
      story.save(Object.assign(new UserTombstone(), { id: aUser(), deletedAt: daysAgo(400), forgottenAt }));
    const rows = [
      ...[await lane(daysAgo(2)), await lane(daysAgo(2), 1), await lane(new Date())],
      ...[await tombstone(daysAgo(61)), await tombstone(daysAgo(59)), await tombstone(null)],
    ];
    expect(await kept(rows)).toEqual([false, true, true, false, true, true]);
  });
});
