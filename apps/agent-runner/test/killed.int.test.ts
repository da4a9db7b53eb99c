import type { ActivityView, RunView } from '@gatehouse/contracts';
import { sandboxControl } from '@gatehouse/testing';
import { aUser } from './run.builder.js';
import { endRunners, startRunner } from './runner.js';
import { anAccount, calls, effectsOf, type Story, scripted, slackMessage, startStory } from './story.js';

process.env.RUN_LEASE_SECONDS = '3';

const mail = { name: 'GMAIL_SEND_EMAIL', arguments: { recipient_email: 'boss@example.com', subject: 'Report', body: 'All is well.' } };
const channels = { name: 'SLACK_LIST_CHANNELS', arguments: {} };
const KINDS = ['read', 'unattended write', 'approved write'] as const;
type Kind = (typeof KINDS)[number];

/** Where a process dies, and how often the provider is called in all, what the journal says in the end. */
const POINTS = {
  'run.approved': { 'approved write': [1, 'done'] },
  'run.call-started': { 'approved write': [0, 'unknown'], 'unattended write': [0, 'unknown'], read: [1, 'done'] },
  'run.call-answered': { 'approved write': [1, 'unknown'], 'unattended write': [1, 'unknown'], read: [2, 'done'] },
  'run.result-stored': { 'approved write': [1, 'done'], 'unattended write': [1, 'done'], read: [1, 'done'] },
  'run.checkpointing': { 'approved write': [1, 'done'], 'unattended write': [1, 'done'], read: [1, 'done'] },
} as const satisfies Record<string, Partial<Record<Kind, readonly [number, string]>>>;
const TABLE = Object.entries(POINTS).flatMap(([point, kinds]) =>
  Object.entries(kinds).map(([kind, [made, state]]) => ({ point, kind: kind as Kind, made, state })),
);

describe('when a worker is killed in the middle of a tool call', () => {
  let story: Story;
  const runs = new Map<string, [userId: string, runId: string]>();
  const due = (point: string, kind: Kind): [userId: string, runId: string] => runs.get(`${point} ${kind}`) ?? ['', ''];

  beforeAll(async () => {
    story = await startStory();
    for (const point of Object.keys(POINTS)) {
      const rows = TABLE.filter((row) => row.point === point);
      for (const { kind } of rows) runs.set(`${point} ${kind}`, await dueRun(kind));
      // As many processes as runs, each with room for one: each takes one and dies of it.
      const victims = rows.map(() => startRunner({ FAIL_POINT: point, RUNS_AT_ONCE: '1' }));
      for (const { ended } of victims) expect((await ended).signal).toBe('SIGKILL');
      // This process takes them over when their leases are over.
      for (const { kind } of rows) await story.untilDone(...due(point, kind));
    }
  }, 170_000);
  afterAll(async () => {
    await endRunners();
    await story.close();
  });

  async function dueRun(kind: Kind): Promise<[userId: string, runId: string]> {
    const userId = aUser();
    const [agent, apps, call] =
      kind === 'unattended write'
        ? (['reporter', ['gmail', 'github'], mail] as const)
        : (['default', ['slack'], kind === 'read' ? channels : slackMessage('hello')] as const);
    story.gate.let(userId, ...(await Promise.all(apps.map((app) => anAccount(userId, app)))));
    await scripted(userId, calls(call), { content: 'That is all.' });
    const asked = await story.as(userId).post('/v1/runs', { input: `do it ${userId}`, agent, apps: { required: apps } });
    const runId = (asked.body as RunView).id;
    if (kind !== 'approved write') return [userId, runId];
    // This process lets it go where it waits; another one goes on. It is the first of its point: nothing else is due.
    await story.work();
    const { body } = await story.as(userId).get('/v1/approvals');
    await story.as(userId).post(`/v1/approvals/${body.data[0].id}/decision`, { decision: 'approve' });
    return [userId, runId];
  }

  it.each(TABLE)('$point, $kind: called $made times in all, and the record says $state', async ({ point, kind, made, state }) => {
    const [userId, runId] = due(point, kind);
    const { body: run } = await story.as(userId).get(`/v1/runs/${runId}`);
    expect(run).toMatchObject({ state: 'completed', output: 'That is all.' });
    const { body: activity } = await story.as(userId).get('/v1/activity');
    expect(activity.data.map((call: ActivityView) => call.state)).toEqual([state]);
    const sent = await sandboxControl.get<{ items: { path: string }[] }>(`requests?accountOwner=${userId}`);
    expect(sent.items.filter(({ path }) => path.includes('/execute'))).toHaveLength(made);
    expect(await effectsOf(userId)).toHaveLength(kind === 'read' ? 0 : made);
  });
});
