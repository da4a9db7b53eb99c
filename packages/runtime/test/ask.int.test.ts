import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import { Sibling } from '../src/ask.js';
import { INTERNAL_HEADER, InternalTokens } from '../src/internal-tokens.js';
import { currentTraceparent, withTrace } from '../src/trace.js';
import { keysOf } from './keys.js';

const keys = keysOf('agent-runner', 'connections');

describe('asking a sibling', () => {
  let server: Server;
  let sibling: Sibling;
  let last: IncomingMessage;
  beforeAll(async () => {
    server = createServer((request, response) => {
      last = request;
      if (request.url === '/silent') return;
      const [status, body] = {
        '/fine': [200, '{"verdict":"ready"}'] as const,
        '/problem': [409, '{"code":"connection_required","detail":"Connect Slack first."}'] as const,
        '/html': [502, '<h1>Bad gateway</h1>'] as const,
      }[request.url ?? ''] ?? [302, ''];
      response.writeHead(status, { location: '/fine' }).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    sibling = new Sibling({
      name: 'connections',
      url: `http://127.0.0.1:${port}`,
      tokens: new InternalTokens(keys.config('agent-runner')),
      timeoutMs: 200,
    });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (path: string, response?: z.ZodType<{ verdict: string }>) =>
    sibling.ask({ method: 'POST', path, body: {}, as: { kind: 'user', id: 'ana' }, ...(response && { response }) });

  it('carries who asks for whom, and the trace', async () => {
    await withTrace(undefined, async () => {
      expect(await ask('/fine', z.object({ verdict: z.string() }))).toEqual({ verdict: 'ready' });
      expect(last.headers.traceparent).toBe(currentTraceparent());
    });
    const token = String(last.headers[INTERNAL_HEADER]);
    expect(await new InternalTokens(keys.config('connections')).verify(token)).toMatchObject({ id: 'ana', caller: 'agent-runner' });
  });

  it('fails in a way the asker can tell apart', async () => {
    await expect(ask('/problem')).rejects.toMatchObject({ status: 409, code: 'connection_required', detail: 'Connect Slack first.' });
    await expect(ask('/html')).rejects.toMatchObject({ status: 502, code: 'error' });
    await expect(ask('/fine', z.object({ verdict: z.literal('blocked') }))).rejects.toMatchObject({ code: 'bad_answer' });
    await expect(ask('/elsewhere')).rejects.toMatchObject({ status: 0, code: 'unreachable' });
    await expect(ask('/silent')).rejects.toMatchObject({ status: 0, code: 'timed_out' });
  });
});
