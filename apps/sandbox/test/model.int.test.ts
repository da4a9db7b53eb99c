import { type Sandbox, startSandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const ask = (project: string, body: Record<string, unknown>) =>
  sandbox.ask('POST', '/openai/v1/chat/completions', {
    body: { model: 'sandbox', ...body },
    headers: { authorization: `Bearer emu_${project}` },
  });
const user = (content: string) => ({ role: 'user', content });
const sendMessage = {
  type: 'function',
  function: {
    name: 'SLACK_SEND_MESSAGE',
    description: 'Posts a message to a Slack channel.',
    parameters: { type: 'object', properties: { channel: { type: 'string' }, text: { type: 'string' } }, required: ['channel', 'text'] },
  },
};

describe('when a test has written the replies', () => {
  it('they are given in order, to that project only, and then the follower takes over', async () => {
    await sandbox.ask('POST', '/_emulator/model/script', {
      body: { project: 'scripted', replies: [{ toolCalls: [{ name: 'A', arguments: { x: 1 } }] }, { content: 'the end' }] },
    });
    expect((await ask('bystander', { messages: [user('hi')] })).body.choices[0].message.content).toContain('sandbox model');
    const first = (await ask('scripted', { messages: [user('hi')] })).body.choices[0];
    expect(first).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, tool_calls: [{ type: 'function', function: { name: 'A', arguments: '{"x":1}' } }] },
    });
    expect((await ask('scripted', { messages: [user('hi')] })).body.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'the end' },
    });
    expect((await ask('scripted', { messages: [user('hi')] })).body.choices[0].message.content).toContain('sandbox model');
  });

  it('a script for a text answers requests with that text, whatever comes between', async () => {
    const script = (match: string) =>
      sandbox.ask('POST', '/_emulator/model/script', { body: { project: 'matched', match, replies: [{ content: `for ${match}` }] } });
    await script('one');
    await script('two');
    expect((await ask('matched', { messages: [user('number two')] })).body.choices[0].message.content).toBe('for two');
    expect((await ask('matched', { messages: [user('number one')] })).body.choices[0].message.content).toBe('for one');
  });

  it('a failure is the status and body that were written', async () => {
    const replies = [{ status: 429, body: { error: { message: 'slow down' } } }];
    await sandbox.ask('POST', '/_emulator/model/script', { body: { project: 'failing', replies } });
    expect(await ask('failing', { messages: [user('hi')] })).toMatchObject({ status: 429, body: { error: { message: 'slow down' } } });
  });
});

describe('when a client streams', () => {
  it('the pieces make the same answer, with usage if that was asked for', async () => {
    const messages = [user("post 'hello' to #general on Slack")];
    const { body } = await ask('streaming', { messages, tools: [sendMessage], stream: true, stream_options: { include_usage: true } });
    const lines = (body as string)
      .split('\n\n')
      .filter(Boolean)
      .map((line) => line.replace(/^data: /, ''));
    expect(lines.pop()).toBe('[DONE]');
    const chunks = lines.map((line) => JSON.parse(line));
    const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(pieces[0]).toMatchObject({ index: 0, id: expect.stringMatching(/^call_/), function: { name: 'SLACK_SEND_MESSAGE' } });
    expect(JSON.parse(pieces.map((piece) => piece.function.arguments).join(''))).toEqual({ channel: '#general', text: 'hello' });
    expect(chunks.at(-1).usage.total_tokens).toBeGreaterThan(0);
  });

  it('a scripted answer may break off, have no end, count no tokens, or be none', async () => {
    const stream = async (reply: object) => {
      await sandbox.ask('POST', '/_emulator/model/script', { body: { project: 'broken', replies: [reply] } });
      return ask('broken', { messages: [user('hi')], stream: true, stream_options: { include_usage: true } });
    };
    await expect(stream({ content: 'one two three', dropAfter: 2 })).rejects.toThrow();
    const endless = (await stream({ content: 'one two', withoutEnd: true })).body;
    expect(endless).toContain('two');
    expect(endless).not.toMatch(/"finish_reason":"|\[DONE\]|total_tokens/);
    const uncounted = (await stream({ content: 'one two', withoutUsage: true })).body;
    expect(uncounted).toMatch(/"finish_reason":"stop"[\s\S]*\[DONE\]/);
    expect(uncounted).not.toContain('total_tokens');
    expect((await stream({ content: 'one', usageTokens: 77 })).body).toContain('"total_tokens":77');
    expect((await stream({ toolCalls: [{ id: 'same', name: 'A', arguments: '{"x":' }] })).body).toMatch(/"id":"same"/);
    expect((await stream({ raw: { type: 'text/html', text: '<html>' } })).body).toBe('<html>');
  });
});

describe('when a key is not of the sandbox', () => {
  it.each(['Bearer sk-real-key', ''])('%j is refused', async (authorization) => {
    const answer = await sandbox.ask('GET', '/openai/v1/models', { headers: { authorization } });
    expect(answer.status).toBe(401);
  });
});
