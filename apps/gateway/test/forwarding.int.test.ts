import { createHash, randomUUID } from 'node:crypto';
import { eventually } from '@gatehouse/testing';
import { aStand, type Stand } from './stand.js';

const PRODUCT_KEY = 'product-key-of-32-random-bytes';
const OPERATOR_KEY = 'operator-key-of-32-random-bytes';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const json = { 'content-type': 'application/json' };

describe('when a request comes to the gateway', () => {
  let stand: Stand;

  beforeAll(async () => {
    stand = await aStand({
      PRODUCT_KEY_HASHES: `shop:${sha256('an older key')},shop:${sha256(PRODUCT_KEY)}`,
      OPERATOR_KEY_HASHES: `ops:${sha256(OPERATOR_KEY)}`,
      RATE_LIMIT_PER_MINUTE: '30',
      RATE_LIMIT_ADDRESS_PER_MINUTE: '10000',
      RATE_LIMIT_WEBHOOKS_PER_SECOND: '1000',
    });
  });
  afterAll(() => stand.close());
  beforeEach(() => {
    stand.seen.length = 0;
    stand.answer((_, response) => void response.writeHead(200, json).end('{"ok":true}'));
  });

  const problem = async (answer: Response) => {
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const body = (await answer.json()) as { code: string };
    expect(body).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      status: answer.status,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    return `${answer.status} ${body.code}`;
  };

  it('reaches the app that owns the path, for the user of the token and for nobody a header names', async () => {
    const user = randomUUID();
    const answer = await stand.fetch('/v1/runs?limit=2&cursor=a%2Fb', {
      as: user,
      headers: {
        'x-gatehouse-identity': 'forged',
        'x-user-id': 'ben',
        'x-forwarded-for': '1.2.3.4',
        'x-client-ip': '1.2.3.4',
        cookie: '__Host-session=x; other=y',
        'idempotency-key': 'k1',
        'last-event-id': '7',
      },
    });
    expect(await answer.json()).toEqual({ ok: true });
    const [seen] = stand.seen;
    expect(seen).toMatchObject({ app: 'agent-runner', method: 'GET', url: '/v1/runs?limit=2&cursor=a%2Fb' });
    expect(seen?.principal).toEqual({ kind: 'user', id: user, roles: [], caller: 'gateway' });
    expect(seen?.headers).toMatchObject({ 'idempotency-key': 'k1', 'last-event-id': '7', 'x-client-ip': '127.0.0.1' });
    expect(seen?.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    for (const name of ['authorization', 'cookie', 'x-user-id', 'x-forwarded-for']) expect(seen?.headers).not.toHaveProperty(name);
  });

  it('passes the body on byte for byte', async () => {
    const body = '{ "input" : "h\\u00e9llo",\n "n": 1.0, "n": 2 }';
    await stand.fetch('/v1/runs', { as: 'ana', method: 'POST', headers: json, body });
    expect(stand.seen[0]?.body).toBe(body);
  });

  it('hands the browser no cookie and no handle of an app, but the secret of a connect attempt', async () => {
    stand.answer((_, response) => {
      const cookies = ['__Host-connect=secret; Path=/; Secure; HttpOnly', '__Host-session=stolen; Path=/; Secure', 'a=b'];
      response
        .writeHead(201, { ...json, 'set-cookie': cookies, 'set-auth-token': 'handle', 'x-powered-by': 'us', location: '/v1/connections/1' })
        .end('{}');
    });
    const answer = await stand.fetch('/v1/connections', {
      as: 'ana',
      method: 'POST',
      headers: { ...json, cookie: '__Host-connect=mine; a=b' },
      body: '{}',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual(['__Host-connect=secret; Path=/; Secure; HttpOnly']);
    expect(answer.headers.get('set-auth-token')).toBeNull();
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('location')).toBe('/v1/connections/1');
    expect(stand.seen[0]?.headers.cookie).toBe('__Host-connect=mine');
  });

  it('passes an app’s problem on as it is', async () => {
    stand.answer(
      (_, response) => void response.writeHead(409, { 'content-type': 'application/problem+json' }).end('{"code":"decided","status":409}'),
    );
    const answer = await stand.fetch('/v1/approvals', { as: 'ana' });
    expect([answer.status, await answer.json()]).toEqual([409, { code: 'decided', status: 409 }]);
  });

  it.each([
    ['/v1/unknown', 404, 'not_found'],
    ['/admin/connections', 404, 'not_found'],
    ['/elsewhere', 404, 'not_found'],
  ])('forwards no %s', async (path, status, code) => {
    expect(await problem(await stand.fetch(path, { as: 'ana' }))).toBe(`${status} ${code}`);
    expect(stand.seen).toEqual([]);
  });

  it.each(['Bearer', 'Bearer x', 'Bearer a.b.c', 'Basic YTpi', `Bearer ${PRODUCT_KEY}`, `Bearer ${OPERATOR_KEY}`, ''])(
    'needs a sign-in: "%s" is none',
    async (authorization) => {
      expect(await problem(await stand.fetch('/v1/connections', { headers: { authorization } }))).toBe('401 unauthenticated');
      expect(stand.seen).toEqual([]);
    },
  );

  it('refuses a body over 256 kB, and one that is not JSON', async () => {
    const post = (body: string) => stand.fetch('/v1/runs', { as: 'ana', method: 'POST', headers: json, body });
    expect(await problem(await post(JSON.stringify({ input: 'x'.repeat(300_000) })))).toBe('413 too_large');
    expect((await problem(await post('{"input":'))).slice(0, 3)).toBe('400');
    expect(stand.seen).toEqual([]);
  });

  it('takes a product’s key on its two routes and nowhere else', async () => {
    const key = { authorization: `Bearer ${PRODUCT_KEY}` };
    await stand.fetch('/v1/users', { method: 'POST', headers: { ...json, ...key }, body: '{"email":"a@b.test"}' });
    await stand.fetch('/v1/users/a%2Fb', { method: 'DELETE', headers: key });
    expect(stand.seen.map(({ method, url, principal: { kind, id } }) => [method, url, kind, id])).toEqual([
      ['POST', '/v1/users', 'product', 'shop'],
      ['DELETE', '/v1/users/a%2Fb', 'product', 'shop'],
    ]);
    for (const path of ['/v1/me', '/v1/connections', '/v1/stream', '/admin/connections/x'])
      expect(await problem(await stand.fetch(path, { headers: key }))).toBe('401 unauthenticated');
    expect(await problem(await stand.fetch('/v1/users', { as: 'ana', method: 'POST', headers: json, body: '{}' }))).toBe(
      '401 unauthenticated',
    );
    expect(stand.seen).toHaveLength(2);
  });

  it('lets operators to the admin routes, by their role or by a key, and nobody else', async () => {
    const boss = await stand.issuer.token({ sub: 'boss', roles: ['operator'] });
    await stand.fetch('/admin/auditor/sweeps', { headers: { authorization: `Bearer ${boss}` } });
    await stand.fetch('/admin/agent-runner/runs', { headers: { authorization: `Bearer ${OPERATOR_KEY}` } });
    expect(stand.seen.map(({ app, url, principal: { kind, id } }) => [app, url, kind, id])).toEqual([
      ['auditor', '/admin/sweeps', 'operator', 'boss'],
      ['agent-runner', '/admin/runs', 'operator', 'ops'],
    ]);
    expect(await problem(await stand.fetch('/admin/auditor/sweeps', { as: 'ana' }))).toBe('403 forbidden');
    expect(stand.seen).toHaveLength(2);
  });

  it('gives the webhook to the auditor unparsed, with its signature and for nobody', async () => {
    const body = '{"type": "composio.connected_account.expired",  "n": 1.0}';
    const headers = { ...json, 'webhook-id': 'w1', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' };
    await stand.fetch('/webhooks/composio', { method: 'POST', headers, body });
    expect(stand.seen[0]).toMatchObject({ app: 'auditor', body, principal: { kind: 'none' }, headers: { 'webhook-signature': 'v1,x' } });
  });

  it('streams an answer as it comes, and lets the app know when the client leaves', async () => {
    let left = false;
    stand.answer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('id: 1\ndata: {}\n\n');
      response.on('close', () => {
        left = true;
      });
    });
    const leaving = new AbortController();
    const answer = await stand.fetch(`/v1/runs/${randomUUID()}/events`, { as: 'ana', signal: leaving.signal });
    const { value } = (await answer.body?.getReader().read()) ?? {};
    expect(Buffer.from(value ?? '').toString()).toBe('id: 1\ndata: {}\n\n');
    leaving.abort();
    await eventually(() => expect(left).toBe(true));
  });

  it('opens five streams for a user, and a sixth when one has ended', async () => {
    const user = randomUUID();
    stand.answer((_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n'));
    const open = async () => {
      const leave = new AbortController();
      return { leave, answer: await stand.fetch('/v1/runs/x/events', { as: user, signal: leave.signal }) };
    };
    const five = await Promise.all(Array.from({ length: 5 }, open));
    expect(await problem((await open()).answer)).toBe('429 too_many_requests');
    five[0]?.leave.abort();
    const sixth = await eventually(async () => {
      const { answer, leave } = await open();
      expect(answer.status).toBe(200);
      return leave;
    });
    for (const { leave } of [...five, { leave: sixth }]) leave.abort();
  });

  it('holds a user to their number of requests a minute, and says when to come back', async () => {
    const user = randomUUID();
    const answers = await Promise.all(Array.from({ length: 35 }, () => stand.fetch('/v1/me', { as: user })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await stand.fetch('/v1/me', { as: randomUUID() })).status).toBe(200);
  });

  it('sends the headers that keep a browser safe', async () => {
    const { headers } = await stand.fetch('/');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups');
  });

  it('says so when the app behind does not answer', async () => {
    await stand.cutOff();
    const answer = await stand.fetch('/v1/inbox', { as: 'ana' });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await problem(answer)).toBe('502 bad_gateway');
  });
});
