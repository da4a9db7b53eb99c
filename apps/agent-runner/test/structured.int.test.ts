import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentRunCompleted, agent as agentView, type RunView } from '@gatehouse/contracts';
import { sandboxControl } from '@gatehouse/testing';
import { aUser } from './run.builder.js';
import { type Story, startStory } from './story.js';

const output = { type: 'object', properties: { total: { type: 'number' } }, required: ['total'], additionalProperties: false };
const agent = { model: 'm', instructions: 'do', apps: { required: [], optional: [] } };
const agents = {
  default: agent,
  counter: { ...agent, title: 'Counter', description: 'Counts.', output, temperature: 0, maxTokens: 500 },
  old: { ...agent, output },
  careful: {
    ...agent,
    tools: ['SLACK_LIST_CHANNELS', 'SLACK_SEND_MESSAGE', 'SLACK_DELETE_A_MESSAGE'],
    unattended: ['SLACK_SEND_MESSAGE'],
    policy: { SLACK_DELETE_A_MESSAGE: 'never' },
  },
};

interface Asked {
  response_format?: unknown;
  temperature?: number;
  max_tokens?: number;
  messages: { role: string; content: string }[];
}

describe('an agent that answers by a schema', () => {
  let story: Story;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agents-'));
    for (const [name, content] of Object.entries(agents)) writeFileSync(join(folder, `${name}.json`), JSON.stringify(content));
    process.env.AGENTS_DIR = folder;
    story = await startStory();
  });
  afterAll(() => story.close());
  afterEach(() => sandboxControl.delete('model/script'));

  /** Not by a match: an answer that is given back is not the user's text. */
  async function run(by: string, ...replies: object[]): Promise<{ view: RunView; asked: Asked[] }> {
    await sandboxControl.post('model/script', { replies });
    const userId = aUser();
    const before = (await requests()).length;
    const { body } = await story.as(userId).post('/v1/runs', { input: 'count', agent: by });
    await story.work();
    const { body: view } = await story.as(userId).get(`/v1/runs/${body.id}`);
    return { view, asked: (await requests()).slice(before) };
  }
  const requests = async () => (await sandboxControl.get<{ items: { body: Asked }[] }>('model/requests')).items.map(({ body }) => body);

  it('gives its object beside its text, to the user and to who listens', async () => {
    const { view, asked } = await run('counter', { content: '{"total": 3}' });
    expect(view).toMatchObject({ state: 'completed', output: '{"total": 3}', structured: { total: 3 } });
    const told = (await story.told(AgentRunCompleted)).filter(({ runId }) => runId === view.id);
    expect(told).toMatchObject([{ structured: { total: 3 } }]);
    expect(asked[0]).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { schema: output } },
      temperature: 0,
      max_tokens: 500,
    });
    expect(asked[0]?.messages[0]?.content).toContain(JSON.stringify(output));
  });

  it('is told what is wrong with its answer, and may answer again, twice', async () => {
    const { view, asked } = await run(
      'counter',
      { content: 'Three.' },
      { content: '{"total": "three"}' },
      { content: '```json\n{"total": 3}\n```' },
    );
    expect(view).toMatchObject({ state: 'completed', structured: { total: 3 } });
    expect(asked[1]?.messages.at(-1)).toMatchObject({ role: 'user', content: expect.stringContaining('it is not JSON') });
    expect(asked[2]?.messages.at(-1)?.content).toContain('answer/total must be number');
  });

  it('fails, and says so, when it does not answer so', async () => {
    const { view } = await run('counter', { content: 'Three.' }, { content: '3' }, { content: '{"sum": 3}' }, { content: '{"total": 3}' });
    expect(view).toMatchObject({ state: 'failed', error: { code: 'output_invalid' }, output: null, structured: null });
  });

  it('does so at an endpoint that takes no schema, which is asked for it once', async () => {
    const body = {
      error: { message: "Invalid parameter: 'response_format' of type 'json_schema' is not supported", type: 'invalid_request_error' },
    };
    const { view, asked } = await run('old', { status: 400, body }, { content: '{"total": 3}' });
    expect(view).toMatchObject({ state: 'completed', structured: { total: 3 } });
    expect(asked.map(({ response_format }) => response_format !== undefined)).toEqual([true, false]);
    const next = await run('old', { content: '{"total": 4}' });
    expect(next.asked.map(({ response_format }) => response_format !== undefined)).toEqual([false]);
  });

  it('leaves other agents’ answers as they are', async () => {
    const { view, asked } = await run('default', { content: '{"total": 3}' });
    expect(view).toMatchObject({ state: 'completed', output: '{"total": 3}', structured: null });
    expect(asked[0]?.response_format).toBeUndefined();
  });

  it('is shown with the others to who wants to start a run, without what is the operator’s', async () => {
    const { status, body } = await story.as(aUser()).get('/v1/agents');
    expect(status).toBe(200);
    const shown = body.data.map((one: unknown) => agentView.strict().parse(one));
    expect(shown.map(({ name }: { name: string }) => name).sort()).toEqual(Object.keys(agents).sort());
    expect(shown.find(({ name }: { name: string }) => name === 'counter')).toMatchObject({ title: 'Counter', description: 'Counts.' });
    expect(shown.find(({ name }: { name: string }) => name === 'careful')).toMatchObject({
      title: 'careful',
      tools: [
        { name: 'SLACK_LIST_CHANNELS', app: 'slack', class: 'read', unattended: false },
        { name: 'SLACK_SEND_MESSAGE', app: 'slack', class: 'write', unattended: true },
      ],
    });
    expect(await story.anyone.get('/v1/agents')).toMatchObject({ status: 401 });
  });
});
