import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { settings } from './settings.js';

/** A model, a tool and a gate that take no time: one tool call, then an answer; everybody has Slack. */
const { port } = settings<{ port: number }>();

const TOOL = 'SLACK_LIST_CHANNELS';
const CONNECTION = '6f0d3a52-7c1e-4b8a-9d27-15e2c9b4a801';
const DEFINITION = {
  items: [
    {
      slug: TOOL,
      description: 'Lists the channels.',
      toolkit: { slug: 'slack' },
      input_parameters: { type: 'object', properties: { limit: { type: 'integer' } } },
      tags: ['readOnlyHint'],
      version: '20260101_00',
      is_deprecated: false,
    },
  ],
  next_cursor: null,
  total_items: 1,
};
const DONE = { data: { channels: [{ id: 'C1', name: 'general' }] }, successful: true, error: null, log_id: 'log_1' };
const USAGE = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };

interface Asked {
  messages?: { role: string }[];
  stream?: boolean;
  userId?: string;
}
let turns = 0;

function complete({ messages = [], stream }: Asked, response: ServerResponse): void {
  turns += 1;
  const over = messages.some(({ role }) => role === 'tool');
  const call = { id: `call_${turns}`, type: 'function', function: { name: TOOL, arguments: '{"limit":5}' } };
  const said = over ? { content: 'There is one channel.' } : { content: null, tool_calls: [stream ? { index: 0, ...call } : call] };
  const head = { id: `chatcmpl-${turns}`, created: 1, model: 'instant' };
  const finish_reason = over ? 'stop' : 'tool_calls';
  const message = { role: 'assistant', ...said };
  if (!stream) {
    json(response, { ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason }], usage: USAGE });
    return;
  }
  const chunk = (delta: object, reason: string | null) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  const chunks = [chunk(message, null), chunk({}, finish_reason), { ...head, object: 'chat.completion.chunk', choices: [], usage: USAGE }];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(`${chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('')}data: [DONE]\n\n`);
}

const verdict = ({ userId }: Asked) => ({
  verdict: 'ready',
  userId,
  accounts: [{ app: 'slack', connectionId: CONNECTION, accountId: 'ca_bench', owner: userId, alias: null, epoch: 0 }],
  blockers: [],
});

function json(response: ServerResponse, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length ? (JSON.parse(Buffer.concat(parts).toString('utf8')) as Asked) : {};
}

const server = createServer((request, response) => {
  void bodyOf(request).then((body) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (path.endsWith('/chat/completions')) complete(body, response);
    else if (path.includes('/tools/execute/')) json(response, DONE);
    else if (path.endsWith('/tools')) json(response, DEFINITION);
    else if (path === '/v1/gate') json(response, verdict(body));
    else response.writeHead(404).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
