import { randomUUID } from 'node:crypto';
import { type ActivityView, type Page, pageOf, type RunEventView, runEvent } from '@gatehouse/contracts';
import { aCall, aRun, aUser } from './run.builder.js';
import { type Story, startStory } from './story.js';

describe('the record of a run', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

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
});
