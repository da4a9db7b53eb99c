import { randomUUID } from 'node:crypto';
import { AgentRunCancelled, type RunView } from '@gatehouse/contracts';
import { driftOf, missingRowSecurity, openOrm } from '@gatehouse/persistence';
import { type BaseConfig, INTERNAL_HEADER, InternalTokens } from '@gatehouse/runtime';
import { eventually } from '@gatehouse/testing';
import { database } from '../src/database.js';
import { aUser } from './run.builder.js';
import { anAccount, calls, type Story, scripted, startStory } from './story.js';

describe('runs over HTTP', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  /** As the gateway forwards it, with headers of the client's. */
  async function send(userId: string, path: string, { body, ...headers }: { body?: unknown; [header: string]: unknown } = {}) {
    const keys = JSON.parse(process.env.TEST_INTERNAL_KEYS ?? '{}') as Record<string, BaseConfig['INTERNAL_KEY']>;
    const gateway = new InternalTokens({ app: 'gateway', INTERNAL_KEY: keys.gateway, INTERNAL_PUBLIC_KEYS: undefined });
    const token = await gateway.sign('agent-runner', { kind: 'user', id: userId });
    return fetch(new URL(path, story.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { [INTERNAL_HEADER]: token, 'content-type': 'application/json', ...(headers as Record<string, string>) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  it('are taken at once, and told where they are', async () => {
    const answer = await story.as(aUser()).post('/v1/runs', { input: 'hello' });
    expect(answer).toMatchObject({ status: 202, body: { state: 'queued', agent: 'default' } });
    expect(answer.headers.get('location')).toBe(`/v1/runs/${answer.body.id}`);
  });

  it('with one Idempotency-Key are one run, and another request under it is refused', async () => {
    const userId = aUser();
    const ask = (input: string, who = userId) => send(who, '/v1/runs', { body: { input }, 'idempotency-key': 'the key' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('hello')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as RunView).id));
    expect(new Set(ids).size).toBe(1);
    expect((await story.as(userId).get('/v1/runs')).body.data).toHaveLength(1);
    const other = await ask('something else');
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([422, 'idempotency_key_reused']);
    expect(((await (await ask('hello', aUser())).json()) as RunView).id).not.toBe(ids[0]);
  });

  it('are found by nobody else: another’s run is an unknown run', async () => {
    const { body: run } = await story.as(aUser()).post('/v1/runs', { input: 'hello' });
    const stranger = story.as(aUser());
    for (const id of [run.id, randomUUID()]) {
      expect(await stranger.get(`/v1/runs/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await stranger.get(`/v1/runs/${id}/events`)).toMatchObject({ status: 404 });
      expect(await stranger.post(`/v1/runs/${id}/cancel`)).toMatchObject({ status: 404 });
    }
    expect((await stranger.get('/v1/runs')).body.data).toEqual([]);
  });

  it.each([
    [{ input: '' }, 'invalid_input'],
    [{ input: 'zero \u0000 byte' }, 'invalid_input'],
    [{ input: 'hello', userId: 'usr_other' }, 'invalid_input'],
    [{ input: 'hello', apps: { required: ['nothing-we-know'] } }, 'unknown_app'],
    [{ input: 'hello', agent: 'nobody' }, 'unknown_agent'],
    [{ input: 'hello', tools: ['SLACK_DO_ANYTHING'] }, 'unknown_tool'],
  ])('with %j are refused as %s', async (body, code) => {
    const status = code === 'invalid_input' ? 400 : 422;
    expect(await story.as(aUser()).post('/v1/runs', body)).toMatchObject({ status, body: { code } });
  });

  it('are for the signed-in, through the gateway', async () => {
    expect(await story.anyone.get('/v1/runs')).toMatchObject({ status: 401 });
    expect(await story.from('connections', { kind: 'user', id: aUser() }).get('/v1/runs')).toMatchObject({ status: 403 });
    expect(await story.as(aUser()).get('/v1/runs/not-an-id')).toMatchObject({ status: 400 });
  });

  it('are listed newest first, page by page, each once', async () => {
    const userId = aUser();
    for (let made = 0; made < 5; made++) await story.as(userId).post('/v1/runs', { input: `run ${made}` });
    const inputs: string[] = [];
    for (let cursor = ''; cursor !== null; ) {
      const { body } = await story.as(userId).get(`/v1/runs?limit=2${cursor && `&cursor=${cursor}`}`);
      inputs.push(...body.data.map(({ input }: RunView) => input));
      cursor = body.nextCursor;
    }
    expect(inputs).toEqual(['run 4', 'run 3', 'run 2', 'run 1', 'run 0']);
  });

  it('end at once when they are cancelled before they began, and are listed as such', async () => {
    const userId = aUser();
    const listed = async (show: string) => {
      const { body } = await story.as(userId).get(`/v1/runs?show=${show}`);
      return body.data.map(({ id, apps }: RunView) => ({ id, apps }));
    };
    const { body: run } = await story.as(userId).post('/v1/runs', { input: 'hello', apps: { optional: ['slack'] } });
    const mine = [{ id: run.id, apps: { required: [], optional: ['slack'] } }];
    expect([await listed('working'), await listed('cancelled')]).toEqual([mine, []]);
    expect(await story.as(userId).post(`/v1/runs/${run.id}/cancel`)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect([await listed('working'), await listed('cancelled')]).toEqual([[], mine]);
    expect(await story.as(userId).get('/v1/runs?show=everything')).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    await story.work();
    expect((await story.as(userId).get(`/v1/runs/${run.id}`)).body).toMatchObject({ state: 'cancelled', usage: { tokens: 0 } });
  });

  it('stop before their next call when they are cancelled in between, and say what they used', async () => {
    const userId = aUser();
    story.gate.let(userId, await anAccount(userId, 'slack'));
    await scripted(userId, { ...calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }), delayMs: 1_500 }, { content: 'Done.' });
    const { body: run } = await story.as(userId).post('/v1/runs', { input: `list ${userId}`, apps: { required: ['slack'] } });
    const work = story.work();
    await eventually(async () => expect((await story.as(userId).get(`/v1/runs/${run.id}`)).body.state).toBe('running'));
    expect(await story.as(userId).post(`/v1/runs/${run.id}/cancel`)).toMatchObject({ status: 200, body: { state: 'running' } });
    await work;
    expect((await story.as(userId).get(`/v1/runs/${run.id}`)).body).toMatchObject({ state: 'cancelled', usage: { toolCalls: 0 } });
    const told = (await story.told(AgentRunCancelled)).filter(({ runId }) => runId === run.id);
    expect(told).toMatchObject([{ by: 'user', usage: { toolCalls: 0 } }]);
  });

  it('stream their timeline from where the client stopped reading, and end', async () => {
    const userId = aUser();
    story.gate.let(userId, await anAccount(userId, 'slack'));
    await scripted(userId, calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }), { content: 'Two channels.' });
    const { body: run } = await story.as(userId).post('/v1/runs', { input: `list ${userId}`, apps: { required: ['slack'] } });
    const live = send(userId, `/v1/runs/${run.id}/events`).then((answer) => answer.text());
    await story.work();
    const types = ['run.queued', 'run.started', 'turn', 'tool.started', 'tool.finished', 'message', 'run.completed'];
    expect(eventsIn(await live)).toEqual(types.map((type, index) => [type, String(index + 1)]));
    const rest = await send(userId, `/v1/runs/${run.id}/events`, { 'last-event-id': '5' });
    expect(eventsIn(await rest.text())).toEqual([
      ['message', '6'],
      ['run.completed', '7'],
    ]);
    expect((await send(userId, `/v1/runs/${run.id}/events`, { 'last-event-id': '7' })).status).toBe(204);
  });

  it('stop at 25 actions', async () => {
    const userId = aUser();
    story.gate.let(userId, await anAccount(userId, 'slack'));
    await scripted(userId, ...Array.from({ length: 30 }, () => calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} })));
    const { body: run } = await story.as(userId).post('/v1/runs', { input: `for ever ${userId}`, apps: { required: ['slack'] } });
    await story.work();
    expect((await story.as(userId).get(`/v1/runs/${run.id}`)).body).toMatchObject({
      state: 'failed',
      error: { code: 'limit_reached', message: 'Stopped after 25 actions, the limit for one run.' },
      usage: { toolCalls: 25 },
    });
  });

  it('of one user leave room for others', async () => {
    const [greedy, modest] = [aUser(), aUser()];
    for (let made = 0; made < 10; made++) await story.as(greedy).post('/v1/runs', { input: `hello ${greedy}` });
    await story.as(modest).post('/v1/runs', { input: `hello ${modest}` });
    await scripted(greedy, ...Array.from({ length: 10 }, () => ({ content: 'hello', delayMs: 300 })));
    await scripted(modest, { content: 'hello', delayMs: 300 });
    const claimed = await story.runs.tick();
    expect(claimed).toBe(4); // three of the one, one of the other
    await story.runs.idle();
    expect((await story.as(modest).get('/v1/runs')).body.data).toMatchObject([{ state: 'completed' }]);
    await story.work();
  });
});

function eventsIn(text: string): [string, string][] {
  return [...text.matchAll(/^event: (.+)\nid: (.+)$/gm)].map(([, type = '', id = '']) => [type, id]);
}

describe('the tables', () => {
  it('are what the entities say, and none with a user id lacks row-level security', async () => {
    const orm = await openOrm(database, process.env.MIGRATION_DATABASE_URL ?? '');
    // LangGraph's own tables: its set-up made them, and it alone changes them.
    orm.config.set('schemaGenerator', { ...orm.config.get('schemaGenerator'), ignoreSchema: ['checkpoint'] });
    try {
      expect(await driftOf(orm)).toBe('');
      expect(await missingRowSecurity(orm)).toEqual([]);
    } finally {
      await orm.close();
    }
  });
});
