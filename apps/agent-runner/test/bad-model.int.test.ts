import { randomUUID } from 'node:crypto';
import { AgentRunRequested, type RunView } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { sandboxControl } from '@gatehouse/testing';
import { sql } from 'kysely';
import { RunEvent } from '../src/runs/run-event.entity.js';
import { aRun, aUser } from './run.builder.js';
import { anAccount, calls, effectsOf, type Story, scripted, startStory } from './story.js';

const list = { name: 'SLACK_LIST_CHANNELS', arguments: {} };
const times = <T>(count: number, reply: T): T[] => Array.from({ length: count }, () => reply);

describe('when the model is bad', () => {
  let story: Story;
  beforeAll(async () => {
    process.env.MODEL_SILENCE_SECONDS = '0.5';
    story = await startStory();
  });
  afterAll(() => story.close());

  async function asked(replies: object[], work = true): Promise<{ userId: string; id: string }> {
    const userId = aUser();
    story.gate.let(userId, await anAccount(userId, 'slack'));
    await scripted(userId, ...replies);
    const { body } = await story.as(userId).post('/v1/runs', { input: `do it ${userId}`, apps: { required: ['slack'] } });
    if (work) await story.work();
    return { userId, id: body.id };
  }
  const viewOf = async ({ userId, id }: { userId: string; id: string }): Promise<RunView> =>
    (await story.as(userId).get(`/v1/runs/${id}`)).body;
  const run = async (...replies: object[]) => viewOf(await asked(replies));
  const statement = <T>(one: ReturnType<typeof sql<T>>) =>
    asSystem(story.em, () => story.em.transactional((tx) => one.execute(tx.getKysely())));
  /** Its delay is over. */
  const again = async (of: { userId: string; id: string }) => {
    await statement(sql`update run set run_at = now() where id = ${of.id} and state = 'delayed'`);
    await story.queue.tick();
    await story.work();
    return viewOf(of);
  };
  const delayOf = async ({ id }: { id: string }): Promise<number> => {
    const { rows } = await statement(sql<{ ms: number }>`select extract(epoch from run_at - now()) * 1000 as ms from run where id = ${id}`);
    return Number(rows[0]?.ms);
  };
  const events = async ({ id }: { id: string }, type: string) =>
    asSystem(story.em, () => story.em.find(RunEvent, { runId: id, type }, { orderBy: { seq: 'asc' } }));

  it.each([
    ['calls the same tool for ever', times(30, calls(list)), /25 actions/, 25],
    [
      'calls unknown tools again and again',
      times(45, calls({ name: 'SLACK_DO_ANYTHING', arguments: {} })),
      /25 actions that are not allowed/,
      0,
    ],
    [
      'never gets the arguments right',
      times(45, calls({ name: 'SLACK_SEND_MESSAGE', arguments: {} })),
      /25 actions that are not allowed/,
      0,
    ],
    ['writes arguments that are no JSON', times(45, calls({ name: list.name, arguments: '{"a":' })), /25 actions that are not allowed/, 0],
    ['asks for a hundred calls at once', [calls(...times(100, list))], /more than 40 actions/, 0],
    ['asks for thirty calls at once', [calls(...times(30, list))], /25 actions/, 25],
    ['uses up its tokens', [{ ...calls(list), usageTokens: 200_000 }], /200,000 tokens/, 0],
  ])('that %s, the run stops at the limit and says which', async (_, replies, message, toolCalls) => {
    const ended = await run(...replies);
    expect(ended).toMatchObject({
      state: 'failed',
      error: { code: 'limit_reached', message: expect.stringMatching(message) },
      usage: { toolCalls },
    });
  });

  it('that takes too long, the run stops after the time for one run', async () => {
    const userId = aUser();
    await scripted(userId, { content: 'late', pieceDelayMs: 300 });
    const run = aRun({ userId, input: `do it ${userId}`, activeMs: 5 * 60_000 - 200 });
    await story.save(run);
    await statement(sql`insert into user_lane (user_id, ready) values (${userId}, 1)`);
    await story.work();
    expect(await story.reload(run)).toMatchObject({
      state: 'failed',
      error: { code: 'limit_reached', message: expect.stringMatching(/5 minutes/) },
    });
  });

  it('that loops, every run of fifty stops, and none of them as a fault of ours', async () => {
    const loops = [times(30, calls(list)), times(30, calls({ name: 'SLACK_DO_ANYTHING', arguments: {} })), [calls(...times(100, list))]];
    const runs = await Promise.all(Array.from({ length: 50 }, (_, index) => asked(loops[index % 3] ?? [], false)));
    await story.work();
    const ended = await Promise.all(runs.map(viewOf));
    expect(ended.filter(({ state, error }) => state === 'failed' && error?.code === 'limit_reached')).toHaveLength(50);
    expect(Math.max(...ended.map(({ usage }) => usage.toolCalls))).toBe(25);
  });

  it('that calls nothing it has, it is told, and can still do better', async () => {
    const of = await asked([
      calls({ name: 'SLACK_DO_ANYTHING', arguments: {} }),
      calls({ name: 'not a name! ', arguments: {} }),
      calls({ name: '', arguments: {} }),
      calls({ name: list.name, arguments: '[1]' }),
      calls({ name: 'SLACK_SEND_MESSAGE', arguments: { channel: 7, text: 'a \u0000 \ud800' } }),
      calls(list),
      { content: 'Done.' },
    ]);
    expect(await viewOf(of)).toMatchObject({ state: 'completed', output: 'Done.', usage: { toolCalls: 1 } });
    expect(await events(of, 'tool.refused')).toHaveLength(5);
    const asks = (await sandboxControl.get<{ items: { body: { messages: { content: string }[] } }[] }>('model/requests')).items;
    const told = asks.at(-1)?.body.messages.map(({ content }) => content) ?? [];
    for (const words of ['There is no tool SLACK_DO_ANYTHING', 'There is no tool unknown', 'holds a zero byte', 'are not a JSON object']) {
      expect(told.some((content) => content.includes(words))).toBe(true);
    }
  });

  it('that gives each call the same id, every one of them is made, and none is taken for another', async () => {
    const history = (channel: string) => ({ name: 'SLACK_FETCH_CONVERSATION_HISTORY', arguments: { channel }, id: 'call_0' });
    const of = await asked([
      calls(history('#one')),
      calls(history('#two')),
      calls(history('#three'), history('#four'), { ...history('#five'), id: '' }),
      { content: 'Read.' },
    ]);
    expect(await viewOf(of)).toMatchObject({ state: 'completed', usage: { toolCalls: 5 } });
    const { body } = await story.as(of.userId).get('/v1/activity');
    expect(new Set(body.data.map(({ toolCallId }: { toolCallId: string }) => toolCallId)).size).toBe(5);
  });

  it('that gives each answer the same id, none replaces another', async () => {
    const piece = (delta: object, finish_reason: string | null) =>
      `data: ${JSON.stringify({ id: 'same', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
    const call = { index: 0, id: 'c', type: 'function', function: { name: list.name, arguments: '{}' } };
    const sse = (text: string) => ({ raw: { type: 'text/event-stream', text: `${text}data: [DONE]\n\n` } });
    const of = await asked([
      sse(piece({ role: 'assistant', tool_calls: [call] }, 'tool_calls')),
      sse(piece({ role: 'assistant', tool_calls: [call] }, 'tool_calls')),
      sse(piece({ role: 'assistant', content: 'Listed twice.' }, 'stop')),
    ]);
    expect(await viewOf(of)).toMatchObject({ state: 'completed', output: 'Listed twice.', usage: { toolCalls: 2 } });
    const [message] = await events(of, 'message');
    expect(message?.data).toMatchObject({ estimated: true, tokens: expect.any(Number) }); // no usage came with it
  });

  it('that says nothing, it is asked once more, and then the run fails', async () => {
    expect(await run({ content: '' }, { content: 'There.' })).toMatchObject({ state: 'completed', output: 'There.' });
    expect(await run({ content: '' }, { content: ' \n' })).toMatchObject({ state: 'failed', error: { code: 'model_silent' } });
  });

  it.each([
    ['breaks off in the middle of a word', { content: 'one two three four', dropAfter: 3 }],
    [
      'breaks off in the middle of a call',
      { ...calls({ name: 'SLACK_SEND_MESSAGE', arguments: { channel: '#a', text: 'x' } }), dropAfter: 3 },
    ],
    ['ends without an end', { content: 'one two', withoutEnd: true }],
    ['never answers', { content: 'late', delayMs: 1_500 }],
    ['stops in the middle for good', { content: 'one two three', pieceDelayMs: 1_500 }],
    ['answers a web page', { raw: { type: 'text/html', text: '<html>Please log in</html>' } }],
    ['answers half a page of JSON', { raw: { type: 'text/event-stream', text: 'data: {"choices": [{\n\n' } }],
    ['is not well', { status: 503 }],
  ])('that %s, its turn is taken again later, whole, and once', async (_, fault) => {
    const of = await asked([fault, { content: 'All of it.' }]);
    expect(await viewOf(of)).toMatchObject({ state: 'delayed' });
    expect(await again(of)).toMatchObject({ state: 'completed', output: 'All of it.', usage: { toolCalls: 0 } });
    expect((await events(of, 'message')).map(({ data }) => data.text)).toEqual(['All of it.']);
    expect(await effectsOf(of.userId)).toEqual([]);
  });

  it('that asks us to wait, the run waits exactly so long, and no worker with it', async () => {
    for (const [headers, ms] of [
      [{ 'retry-after': '17' }, 17_000],
      [{ 'retry-after-ms': '4200', 'retry-after': '9' }, 4_200],
      [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m30s', 'x-ratelimit-reset-requests': '2h' }, 90_000],
    ] as const) {
      const of = await asked([{ status: 429, headers }, { content: 'Done.' }]);
      const delay = await delayOf(of);
      expect(delay).toBeGreaterThan(ms - 3_000);
      expect(delay).toBeLessThanOrEqual(ms * 1.25);
      expect(await again(of)).toMatchObject({ state: 'completed' });
    }
  });

  it('that refuses our key, the run waits for an operator', async () => {
    const of = await asked([{ status: 401 }, { content: 'Done.' }]);
    expect(await viewOf(of)).toMatchObject({ state: 'delayed', error: null });
    expect(await delayOf(of)).toBeGreaterThan(50_000);
    expect(await again(of)).toMatchObject({ state: 'completed' });
  });

  it('that finds it too long, the run says so', async () => {
    const body = {
      error: {
        message: "This model's maximum context length is 8192 tokens.",
        type: 'invalid_request_error',
        code: 'context_length_exceeded',
      },
    };
    expect(await run({ status: 400, body })).toMatchObject({
      state: 'failed',
      error: { code: 'too_long', message: 'Stopped: this became too long for the model.' },
    });
  });

  it('that refuses the request, the run says so', async () => {
    expect(await run({ status: 400 })).toMatchObject({ state: 'failed', error: { code: 'model_refused' } });
  });

  it('that says far too much, the answer is cut, and says that it is', async () => {
    const ended = await run({ content: `${'word '.repeat(60_000)}` });
    expect(ended).toMatchObject({ state: 'completed' });
    expect(ended.output).toHaveLength(200_000);
    expect(ended.output?.endsWith('[cut]')).toBe(true);
  });

  it('and its endpoint does not take a wish for usage, it is done without', async () => {
    const refusal = { status: 400, body: { error: { message: "Unknown parameter: 'stream_options'.", type: 'invalid_request_error' } } };
    const of = await asked([refusal, { content: 'Done.', withoutUsage: true }]);
    expect(await viewOf(of)).toMatchObject({ state: 'completed' });
    expect((await events(of, 'message'))[0]?.data).toMatchObject({ estimated: true });
  });
});

describe('when a request is far too long', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  it('it is refused over HTTP, with the limit', async () => {
    const tooLarge = await story.as(aUser()).post('/v1/runs', { input: 'x'.repeat(1024 * 1024) });
    expect(tooLarge).toMatchObject({ status: 413, body: { code: 'too_large', detail: expect.stringContaining('256 kB') } });
    const tooLong = await story.as(aUser()).post('/v1/runs', { input: 'x'.repeat(100_001) });
    expect(tooLong).toMatchObject({
      status: 400,
      body: { code: 'invalid_input', errors: [{ path: 'input', message: expect.stringContaining('100000') }] },
    });
  });

  it('it is a dead letter as an event, and those beside it are taken', async () => {
    const wish = (input: string) => ({
      runId: randomUUID(),
      userId: aUser(),
      input,
      apps: { required: [], optional: [] },
      origin: 'service' as const,
    });
    const [good, bad] = [wish('hello'), wish('x'.repeat(1024 * 1024))];
    const { result } = await story.deliver(AgentRunRequested, [bad, good]);
    expect(result).toMatchObject({ dead: 1 });
    expect(await story.as(good.userId).get(`/v1/runs/${good.runId}`)).toMatchObject({ status: 200, body: { state: 'queued' } });
    expect(await story.as(bad.userId).get(`/v1/runs/${bad.runId}`)).toMatchObject({ status: 404 });
  });
});
