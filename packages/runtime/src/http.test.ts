import { Body, Controller, Get, Module, NotFoundException, Param, Post, type Provider, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { keysOf } from '../test/keys.js';
import { Access, SignedIn } from './access.js';
import { Health } from './health.js';
import { INTERNAL_HEADER, InternalTokens, type Principal } from './internal-tokens.js';
import { Problem } from './problem.js';
import { RuntimeModule } from './runtime.module.js';
import { createApp } from './start.js';
import { currentTraceId } from './trace.js';

const keys = keysOf('connections', 'gateway', 'agent-runner');
const config = keys.config('connections', { PORT: '0' });
const run = z.strictObject({ input: z.string().trim().min(1) });

@Controller('things')
@Access('user')
class Things {
  @Get()
  list(
    @SignedIn() user: Principal,
    @Query({ schema: z.object({ limit: z.coerce.number().int().max(100).default(25) }) }) query: { limit: number },
  ) {
    return { user: user.id, limit: query.limit };
  }

  @Get(':id')
  one(@Param('id', { schema: z.uuid() }) id: string) {
    if (id.startsWith('0')) throw new Problem(409, 'connection_required', 'Connect Slack first.', { blockers: [{ app: 'slack' }] });
    throw new NotFoundException();
  }

  @Post()
  @Access('user', { callers: ['gateway', 'agent-runner'] })
  add(@Body({ schema: run }) body: z.output<typeof run>) {
    if (body.input === 'crash') throw new Error('canary');
    if (body.input === 'later') throw new Problem(429, 'too_many_requests', undefined, { retryAfterSeconds: 1.2 });
    return { input: body.input, traceId: currentTraceId() };
  }

  @Post('admin')
  @Access('operator')
  admin() {
    return {};
  }
}

@Controller()
class Forgotten {
  @Get('open')
  open() {
    return 'anybody';
  }
}

function moduleWith(controllers: Provider[]) {
  @Module({ imports: [RuntimeModule.for(config)], controllers: controllers as never })
  class TestModule {}
  return TestModule;
}

describe('the HTTP door of an app', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await createApp(moduleWith([Things]), config);
  });
  afterAll(() => app.close());

  async function ask(
    method: 'GET' | 'POST',
    url: string,
    o: { body?: unknown; caller?: 'gateway' | 'agent-runner'; kind?: 'user' | 'operator'; headers?: object } = {},
  ) {
    const token = await new InternalTokens(keys.config(o.caller ?? 'gateway')).sign('connections', { kind: o.kind ?? 'user', id: 'ana' });
    const raw = typeof o.body === 'string';
    const answer = await app.inject({
      method,
      url,
      headers: { [INTERNAL_HEADER]: token, ...(o.body !== undefined && { 'content-type': 'application/json' }), ...o.headers },
      ...(o.body !== undefined && { payload: raw ? (o.body as string) : JSON.stringify(o.body) }),
    });
    return { status: answer.statusCode, type: answer.headers['content-type'], headers: answer.headers, body: answer.json() };
  }

  it('hands the handler the principal and the input as the contract makes it', async () => {
    expect(await ask('GET', '/things?limit=7')).toMatchObject({ status: 200, body: { user: 'ana', limit: 7 } });
    expect(await ask('POST', '/things', { body: { input: ' x ' } })).toMatchObject({ status: 201, body: { input: 'x' } });
  });

  const id = '00000000-0000-4000-8000-000000000000';
  const refusals: [string, Parameters<typeof ask>, object][] = [
    [
      'input that does not fit',
      ['POST', '/things', { body: { inputs: 'canary' } }],
      { status: 400, code: 'invalid_input', errors: [{ path: 'input' }, { path: '' }] },
    ],
    ['a path that is no id', ['GET', '/things/1'], { status: 400, code: 'invalid_input' }],
    ['malformed JSON', ['POST', '/things', { body: '{"input": canary' }], { status: 400, code: 'invalid_input' }],
    ['a poisoned prototype', ['POST', '/things', { body: '{"__proto__":{"x":1}}' }], { status: 400, code: 'invalid_input' }],
    ['a body of 300 kB', ['POST', '/things', { body: { input: 'x'.repeat(300_000) } }], { status: 413, code: 'too_large' }],
    [
      'a body of another kind',
      ['POST', '/things', { body: '<x/>', headers: { 'content-type': 'text/xml' } }],
      { status: 415, code: 'unsupported_media_type' },
    ],
    ['an unknown route', ['GET', '/nowhere?code=canary'], { status: 404, code: 'not_found', instance: '/nowhere' }],
    ['what is not there', ['GET', `/things/${id.replace('0', '1')}`], { status: 404, code: 'not_found' }],
    [
      'a problem of the handler',
      ['GET', `/things/${id}`],
      { status: 409, code: 'connection_required', detail: 'Connect Slack first.', blockers: [{ app: 'slack' }] },
    ],
    ['what nobody expected', ['POST', '/things', { body: { input: 'crash' } }], { status: 500, code: 'internal' }],
    ['another kind of principal', ['POST', '/things/admin', { body: {} }], { status: 403, code: 'forbidden' }],
    ['a sibling that may not call it', ['GET', '/things', { caller: 'agent-runner' }], { status: 403, code: 'forbidden' }],
    ['a bad token', ['GET', '/things', { headers: { [INTERNAL_HEADER]: 'x.y.z' } }], { status: 401, code: 'unauthenticated' }],
  ];
  it.each(refusals)('answers %s with a problem of its own code', async (_, request, expected) => {
    const { status, type, body } = await ask(...request);
    expect(type).toBe('application/problem+json');
    expect(body).toMatchObject({
      title: expect.any(String),
      type: expect.any(String),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      ...expected,
    });
    expect(status).toBe(body.status);
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it('lets in a sibling that may call', async () => {
    expect(await ask('POST', '/things', { caller: 'agent-runner', body: { input: 'x' } })).toMatchObject({ status: 201 });
  });

  it('says when to come back', async () => {
    expect((await ask('POST', '/things', { body: { input: 'later' } })).headers['retry-after']).toBe('2');
  });

  it('keeps the trace it was given, also behind a body, and makes one otherwise', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect((await ask('POST', '/things', { body: { input: 'x' }, headers: { traceparent } })).body.traceId).toBe(
      '0af7651916cd43dd8448eb211c80319c',
    );
    const [one, two] = [
      await ask('POST', '/things', { body: { input: 'x' } }),
      await ask('POST', '/things', { body: { input: 'x' }, headers: { traceparent: 'x' } }),
    ];
    expect(one.body.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(two.body.traceId).not.toBe(one.body.traceId);
  });

  it('tells whether it is alive and ready, and why not, to anybody', async () => {
    const health = app.get(Health);
    const status = async (path: string) => (await app.inject({ url: path })).statusCode;
    expect([await status('/livez'), await status('/readyz')]).toEqual([200, 200]);
    health.addReadiness('database', () => Promise.reject(new Error('does not answer')));
    expect((await app.inject({ url: '/readyz' })).json()).toEqual({ status: 'failing', reasons: ['database: does not answer'] });
    expect(await status('/livez')).toBe(200);
    expect((await app.inject({ url: '/metrics' })).body).toContain(
      'http_request_duration_seconds_count{method="GET",route="/things",status="200"}',
    );
  });
});

describe('a route that nobody gave a policy', () => {
  it('stops the boot with its name', async () => {
    await expect(createApp(moduleWith([Things, Forgotten]), config)).rejects.toThrow(
      'Forgotten.open: nobody said who may call it; add @Access(…)',
    );
  });
});
