import { randomUUID } from 'node:crypto';
import {
  type ActivityView,
  type DecisionView,
  MAX_SHOWN_RESULT,
  type Page,
  pageOf,
  type RunCallView,
  type RunEventView,
  runCall,
  runEvent,
} from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { z } from 'zod';
import { addDecisions } from '../src/decisions/decisions.js';
import { aCall, anApproval, aRun, aUser } from './run.builder.js';
import { anAccount, calls, type Story, scripted, slackMessage, startStory } from './story.js';

let story: Story;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());

const decide = (userId: string, times: number, runId: string | null = null) => {
  const decisions = Array.from({ length: times }, (_, at) => ({ userId, runId, kind: 'tool.allowed' as const, data: { at } }));
  return asUsers(story.em, [userId], () => story.em.transactional((em) => addDecisions(em, decisions)));
};

async function connected(userId: string) {
  const account = await anAccount(userId, 'slack');
  story.gate.let(userId, account);
  return account;
}

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

  it('says what was read, asked and done, with which account, by what rule, for how many tokens, and how it ended', async () => {
    const userId = aUser();
    const { accountId } = await connected(userId);
    await scripted(
      userId,
      calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }),
      calls(slackMessage('hi'), { name: 'NO_TOOL', arguments: {} }),
      { content: 'Done.' },
    );
    const { body: run } = await story.as(userId).post('/v1/runs', { input: `post ${userId}`, apps: { required: ['slack'] } });
    await story.work();
    const { body: waiting } = await story.as(userId).get('/v1/approvals');
    const [{ id: approvalId }] = waiting.data;
    await story.as(userId).post(`/v1/approvals/${approvalId}/decision`, { decision: 'approve' });
    await story.work();
    const rows = await all<RunEventView>(userId, `/v1/runs/${run.id}/timeline`, 100);
    const of = (type: string, tool?: string) =>
      rows.filter((row) => row.type === type && (!tool || row.data.tool === tool)).map(({ data }) => data);
    const [read, write] = [
      { tool: 'SLACK_LIST_CHANNELS', accountId },
      { tool: 'SLACK_SEND_MESSAGE', accountId },
    ];
    const tokens = expect.any(Number);
    expect(of('turn')).toMatchObject([
      { turn: 1, tokens },
      { turn: 2, tokens },
    ]);
    expect(of('tool.started')).toMatchObject([
      { ...read, decision: 'allowed' },
      { ...write, decision: 'approved' },
    ]);
    expect(of('tool.finished')).toMatchObject([read, write]);
    const [sent] = of('tool.started', 'SLACK_SEND_MESSAGE');
    const { toolCallId } = sent as { toolCallId: string };
    expect(of('approval.requested')).toMatchObject([{ ...write, approvalId, toolCallId, why: expect.stringContaining('outside') }]);
    expect(of('approval.decided')).toMatchObject([{ approvalId, toolCallId, decision: 'approve' }]);
    expect(of('tool.refused')).toMatchObject([{ tool: 'NO_TOOL', why: expect.stringContaining('no tool') }]);
    expect(of('message')).toMatchObject([{ text: 'Done.', final: true, turn: 3, tokens }]);
    const said = [...of('turn'), ...of('message')].reduce((sum, data) => sum + Number(data.tokens), 0);
    expect(of('run.completed')).toMatchObject([{ output: 'Done.', usage: { toolCalls: 2, tokens: said } }]);
    expect(said).toBeGreaterThan(0);
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
    const listed = await all<RunCallView>(run.userId, `/v1/runs/${run.id}/calls`);
    expect(z.array(runCall).parse(listed)).toMatchObject([
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
    const made = [aCall(run, { arguments: { secret } }), aCall(run), aCall(run)];
    for (const row of [...made, run.event('run.queued'), run.event('message', { secret }), run.event('message')]) await story.save(row);
    await decide(ana, 3, run.id);
    await decide(ben, 3, bens.id);
    const unknown = randomUUID();
    for (const part of ['timeline', 'calls']) {
      for (const id of [run.id, unknown]) {
        expect(await story.as(ben).get(`/v1/runs/${id}/${part}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      }
    }
    for (const query of [`runId=${run.id}`, `runId=${unknown}`, `connectionId=${made[0]?.connectionId}`, '']) {
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
