import { randomUUID } from 'node:crypto';
import {
  type ActivityView,
  type DecisionView,
  exported,
  MAX_SHOWN_RESULT,
  type Page,
  pageOf,
  type RunCallView,
  type RunEventView,
  runCall,
  runEvent,
} from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { INTERNAL_HEADER, InternalTokens } from '@gatehouse/runtime';
import { eventually } from '@gatehouse/testing';
import { z } from 'zod';
import { addDecisions } from '../src/decisions/decisions.js';
import type { Run } from '../src/runs/run.entity.js';
import { ToolSetting } from '../src/settings/tool-setting.entity.js';
import type { ToolCall } from '../src/tools/tool-call.entity.js';
import { aCall, anApproval, aRun, aUser } from './run.builder.js';
import { type Story, startStory } from './story.js';

let story: Story;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());

const decide = (userId: string, times: number, runId: string | null = null) => {
  const decisions = Array.from({ length: times }, (_, at) => ({ userId, runId, kind: 'tool.allowed' as const, data: { at } }));
  return asUsers(story.em, [userId], () => story.em.transactional((em) => addDecisions(em, decisions)));
};

describe('the record of a run', () => {
  /** All rows of a list, page by page. */
  async function all<T>(userId: string, path: string, limit = 2): Promise<T[]> {
    const rows: T[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body, status } = await story
        .as(userId)
        .get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      const page = body as Page<T>;
      rows.push(...page.data);
      cursor = page.nextCursor;
    }
    return rows;
  }

  it('has its timeline in pages, in the order in which things happened', async () => {
    const run = await story.save(aRun());
    for (const type of ['run.queued', 'run.started', 'message', 'tool.started', 'tool.finished'])
      await story.save(run.event(type, { type }));
    const { body } = await story.as(run.userId).get(`/v1/runs/${run.id}/timeline`);
    expect(pageOf(runEvent).parse(body).nextCursor).toBeNull();
    const rows = await all<RunEventView>(run.userId, `/v1/runs/${run.id}/timeline`);
    expect(rows.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'run.queued'],
      [2, 'run.started'],
      [3, 'message'],
      [4, 'tool.started'],
      [5, 'tool.finished'],
    ]);
  });

  it('lists all tool calls of a user, or those of one app, one run, one connection', async () => {
    const userId = aUser();
    const [one, other] = [aRun({ userId }), aRun({ userId })];
    const connectionId = randomUUID();
    const made = [
      aCall(one, { app: 'slack', connectionId }),
      aCall(one, { app: 'slack' }),
      aCall(one, { app: 'github' }),
      aCall(other, { app: 'slack', connectionId }),
    ];
    for (const row of [one, other, ...made]) await story.save(row);
    const found = async (query: string) =>
      (await all<ActivityView>(userId, `/v1/activity${query}`, 1)).map(({ toolCallId }) =>
        made.findIndex((call) => call.toolCallId === toolCallId),
      );
    expect((await found('')).sort()).toEqual([0, 1, 2, 3]);
    expect((await found('?app=slack')).sort()).toEqual([0, 1, 3]);
    expect((await found(`?runId=${one.id}`)).sort()).toEqual([0, 1, 2]);
    expect((await found(`?connectionId=${connectionId}`)).sort()).toEqual([0, 3]);
    expect(await found(`?app=github&runId=${other.id}`)).toEqual([]);
    const { body } = await story.as(userId).get('/v1/activity?app=slack&limit=1');
    const { nextCursor } = body as Page<ActivityView>;
    expect(await story.as(userId).get(`/v1/activity?limit=1&cursor=${nextCursor}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_cursor' },
    });
  });

  it('has the calls of a run, oldest first: arguments, what came back, cut, the approval, and why one was refused', async () => {
    const run = await story.save(aRun());
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second));
    const long = `${'x'.repeat(MAX_SHOWN_RESULT - 1)}😀`;
    const read = aCall(run, { class: 'read', decision: 'allowed', arguments: { q: 'a' }, result: 'found', startedAt: at(1) });
    const sent = aCall(run, { arguments: { text: 'hello' }, result: long, startedAt: at(3), state: 'unknown', happened: true });
    const no = aCall(run, { decision: 'refused', state: 'refused', result: 'There is no tool X.', startedAt: at(2), arguments: {} });
    const approval = anApproval(sent, { state: 'used' });
    for (const row of [sent, no, read, approval, anApproval(sent, { state: 'edited' })]) await story.save(row);
    const calls = await all<RunCallView>(run.userId, `/v1/runs/${run.id}/calls`);
    expect(z.array(runCall).parse(calls)).toMatchObject([
      { toolCallId: read.toolCallId, arguments: { q: 'a' }, result: { text: 'found', cut: false }, approvalId: null, why: null },
      { toolCallId: no.toolCallId, arguments: {}, result: null, why: 'There is no tool X.', decision: 'refused' },
      {
        toolCallId: sent.toolCallId,
        result: { text: 'x'.repeat(MAX_SHOWN_RESULT - 1), cut: true },
        approvalId: approval.id,
        happened: true,
      },
    ]);
  });

  it('is nobody else’s: another user’s run, connection or cursor is as one that never was', async () => {
    const [ana, ben] = [aUser(), aUser()];
    const secret = `secret-${randomUUID()}`;
    const run = await story.save(aRun({ userId: ana, input: secret }));
    const bens = await story.save(aRun({ userId: ben }));
    const calls = [aCall(run, { arguments: { secret } }), aCall(run), aCall(run)];
    for (const row of [...calls, run.event('run.queued'), run.event('message', { secret }), run.event('message')]) await story.save(row);
    await decide(ana, 3, run.id);
    await decide(ben, 3, bens.id);
    const unknown = randomUUID();
    for (const part of ['timeline', 'calls']) {
      for (const id of [run.id, unknown]) {
        expect(await story.as(ben).get(`/v1/runs/${id}/${part}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      }
    }
    for (const query of [`runId=${run.id}`, `runId=${unknown}`, `connectionId=${calls[0]?.connectionId}`, '']) {
      expect(await story.as(ben).get(`/v1/activity?${query}`)).toMatchObject({ status: 200, body: { data: [], nextCursor: null } });
    }
    const lists = { timeline: `/v1/runs/ID/timeline`, calls: `/v1/runs/ID/calls`, activity: '/v1/activity', decisions: '/v1/decisions' };
    for (const path of Object.values(lists)) {
      const first = await story.as(ana).get(`${path.replace('ID', run.id)}?limit=1`);
      expect(first.body.nextCursor).toEqual(expect.any(String));
      const stolen = await story.as(ben).get(`${path.replace('ID', bens.id)}?limit=1&cursor=${first.body.nextCursor}`);
      expect(stolen).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    }
    const { body } = await story.as(ben).get('/v1/decisions');
    expect((body as Page<DecisionView>).data.map(({ runId }) => runId)).toEqual([bens.id, bens.id, bens.id]);
    const download = await story.as(ben).get('/v1/export');
    expect(JSON.stringify(download.body)).not.toMatch(new RegExp(`${secret}|${run.id}|${ana}`));
    for (const path of ['/v1/decisions', '/v1/export', `/v1/runs/${run.id}/calls`, `/v1/runs/${run.id}/timeline`]) {
      expect(await story.anyone.get(path)).toMatchObject({ status: 401 });
    }
  });

  it('has the decisions about a user, newest first', async () => {
    const userId = aUser();
    await decide(userId, 5);
    const rows = await all<DecisionView>(userId, '/v1/decisions');
    expect(rows.map(({ seq, data }) => [seq, data.at])).toEqual([5, 4, 3, 2, 1].map((seq) => [seq, seq - 1]));
  });
});

describe('the export', () => {
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
    const events = Array.from({ length: 120 }, (_, at) => big.event('message', { at }));
    for (const rows of [runs, calls, approvals, [setting], events]) await Promise.all(rows.map((row) => story.save(row as object)));
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
