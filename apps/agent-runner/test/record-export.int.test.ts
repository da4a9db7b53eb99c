import { exported, MAX_SHOWN_RESULT } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { INTERNAL_HEADER, InternalTokens } from '@gatehouse/runtime';
import { eventually } from '@gatehouse/testing';
import { addDecisions } from '../src/decisions/decisions.js';
import type { Run } from '../src/runs/run.entity.js';
import { ToolSetting } from '../src/settings/tool-setting.entity.js';
import type { ToolCall } from '../src/tools/tool-call.entity.js';
import { aCall, anApproval, aRun, aUser } from './run.builder.js';
import { type Story, startStory } from './story.js';

describe('the export', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  const decide = (userId: string, times: number) => {
    const decisions = Array.from({ length: times }, (_, at) => ({ userId, kind: 'tool.allowed' as const, data: { at } }));
    return asUsers(story.em, [userId], () => story.em.transactional((em) => addDecisions(em, decisions)));
  };

  it('holds everything of a user, however many pages that is', async () => {
    const userId = aUser();
    const runs = Array.from({ length: 53 }, (_, at) =>
      aRun({ userId, input: `run ${at}`, createdAt: new Date(Date.UTC(2026, 0, 1, 0, at)) }),
    );
    const [big] = runs as [Run];
    const calls = Array.from({ length: 53 }, (_, at) =>
      aCall(big, { toolCallId: `call_${100 + at}`, arguments: { at }, startedAt: new Date(Date.UTC(2026, 0, 2, 0, at / 2)) }),
    );
    const [call] = calls as [ToolCall];
    call.result = 'x'.repeat(MAX_SHOWN_RESULT + 1);
    const approvals = calls.map((one) => anApproval(one, { state: 'used' }));
    const setting = Object.assign(new ToolSetting(), { userId, tool: 'SLACK_SEND_MESSAGE', setting: 'never', changedAt: new Date() });
    await Promise.all(runs.map((run) => story.save(run)));
    const events = Array.from({ length: 120 }, (_, at) => big.event('message', { at }));
    for (const rows of [calls, approvals, [setting], events]) await Promise.all(rows.map((row) => story.save(row as object)));
    await decide(userId, 101);
    const { body, status, headers } = await story.as(userId).get('/v1/export');
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="gatehouse-\d{4}-\d\d-\d\d\.json"$/);
    const whole = exported.parse(body);
    expect(whole.runs.map(({ input }) => input)).toEqual(runs.map(({ input }) => input).reverse());
    const last = whole.runs.at(-1);
    expect(last?.timeline.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq));
    expect(last?.calls.map(({ toolCallId, approvalId }) => [toolCallId, approvalId])).toEqual(
      calls.map(({ toolCallId }, at) => [toolCallId, approvals[at]?.id]),
    );
    expect(last?.calls[0]).toMatchObject({ arguments: { at: 0 }, result: call.result });
    expect(last?.approvals.map(({ id }) => id).sort()).toEqual(approvals.map(({ id }) => id).sort());
    expect(whole.decisions.map(({ seq }) => seq)).toEqual(Array.from({ length: 101 }, (_, at) => at + 1));
    expect(whole.settings).toMatchObject([{ tool: 'SLACK_SEND_MESSAGE', setting: 'never' }]);
  });

  it('is one at a time for a user, and one that was given up is none', async () => {
    const run = await story.save(aRun());
    const big = 'x'.repeat(64 * 1024);
    await Promise.all(Array.from({ length: 200 }, () => story.save(aCall(run, { result: big }))));
    const tokens = new InternalTokens({
      app: 'gateway',
      INTERNAL_KEY: JSON.parse(process.env.TEST_INTERNAL_KEYS ?? '{}').gateway,
      INTERNAL_PUBLIC_KEYS: undefined,
    });
    const gone = new AbortController();
    const token = await tokens.sign('agent-runner', { kind: 'user', id: run.userId });
    const slow = await fetch(new URL('/v1/export', story.url), { headers: { [INTERNAL_HEADER]: token }, signal: gone.signal });
    expect(slow.status).toBe(200);
    expect(await story.as(run.userId).get('/v1/export')).toMatchObject({ status: 429, body: { code: 'export_under_way' } });
    expect(await story.as(aUser()).get('/v1/export')).toMatchObject({ status: 200, body: { runs: [], decisions: [], settings: [] } });
    gone.abort();
    await eventually(async () => expect(await story.as(run.userId).get('/v1/export')).toMatchObject({ status: 200 }));
  });
});
