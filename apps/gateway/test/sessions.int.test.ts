import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { EncryptJWT } from 'jose';
import { aStand, type Seen, type Stand } from './stand.js';

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const credentials = { email: 'ana@people.test', password: 'right' };

describe('when a browser signs in', () => {
  let stand: Stand;
  let ours: Record<string, string>;
  /** The life of the tokens that identity gives out, in seconds; 401 or down instead of a token. */
  let renewal: { lifeSeconds: number; status: number };
  let ended: string[];

  beforeAll(async () => {
    stand = await aStand({ RATE_LIMIT_PER_MINUTE: '10000', RATE_LIMIT_ADDRESS_PER_MINUTE: '10000' });
    ours = { origin: stand.origin };
  });
  afterAll(() => stand.close());
  beforeEach(() => {
    stand.seen.length = 0;
    ended = [];
    renewal = { lifeSeconds: 300, status: 200 };
    stand.answer(identity);
  });

  async function identity({ url, body, headers }: Seen, response: ServerResponse): Promise<void> {
    const handle = String(headers.authorization ?? '').slice('Bearer '.length);
    if (url === '/auth/sign-in/email') {
      const right = (JSON.parse(body) as { password: string }).password === 'right';
      if (right) response.writeHead(200, { ...json, 'set-auth-token': `handle-${randomUUID()}` }).end('{"signedIn":true}');
      else
        response.writeHead(401, { 'content-type': 'application/problem+json' }).end('{"code":"invalid_email_or_password","detail":"No."}');
    } else if (url === '/auth/access-token') {
      const now = Math.floor(Date.now() / 1000);
      const claims = { sub: `user-of-${handle}`, iat: now + renewal.lifeSeconds - 300, exp: now + renewal.lifeSeconds };
      const token = await stand.issuer.token(claims);
      response.writeHead(renewal.status, json).end(JSON.stringify(renewal.status === 200 ? { token } : { code: 'unauthenticated' }));
    } else {
      if (url === '/auth/sign-out') ended.push(handle);
      response.writeHead(200, json).end('{}');
    }
  }

  const signIn = (headers: Record<string, string> = ours) =>
    stand.fetch('/auth/sign-in', { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(credentials) });
  const cookieOf = (answer: Response, name = '__Host-session') =>
    answer.headers
      .getSetCookie()
      .find((line) => line.startsWith(`${name}=`))
      ?.split(';', 1)[0] ?? '';
  const session = async () => cookieOf(await signIn());
  const ask = (cookie: string, init: RequestInit = {}) =>
    stand.fetch('/v1/connections', { ...init, headers: { cookie, ...(init.headers as object) } });
  const users = () => stand.seen.filter(({ url }) => url.startsWith('/v1')).map(({ principal }) => principal.id);

  it('gets one sealed cookie, in which neither handle nor token can be read, and is that user from then on', async () => {
    const answer = await signIn();
    expect(await answer.json()).toEqual({ userId: expect.stringMatching(/^user-of-handle-/) });
    const [line = '', ...more] = answer.headers.getSetCookie();
    expect(more).toEqual([]);
    expect(line).toMatch(/^__Host-session=[\w.-]+; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(Buffer.from(line.split('.')[3] ?? '', 'base64url').toString()).not.toContain('handle');
    expect(line.length).toBeLessThan(1500);
    expect((await ask(line.split(';')[0] ?? '')).status).toBe(200);
    expect(users()).toEqual([expect.stringMatching(/^user-of-handle-/)]);
  });

  it('hears the reason when it is refused, and gets no cookie', async () => {
    const answer = await stand.fetch('/auth/sign-in', {
      method: 'POST',
      headers: { ...json, ...ours },
      body: '{"email":"a@b.test","password":"wrong"}',
    });
    expect([answer.status, await answer.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'invalid_email_or_password', detail: 'No.' }),
    ]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('is signed out with a cookie that is absent, garbage, altered, foreign, or sealed for another use', async () => {
    const good = await session();
    const [, sealed = ''] = good.split('=');
    const parts = sealed.split('.');
    const altered = [...parts.slice(0, 3), `${parts[3]?.startsWith('A') ? 'B' : 'A'}${parts[3]?.slice(1)}`, parts[4]].join('.');
    const [key] = JSON.parse(process.env.SESSION_KEYS ?? '') as { kid: string; key: string }[];
    const token = await stand.issuer.token();
    const seal = (bytes: Buffer, use: string) =>
      new EncryptJWT({ handle: 'h', token })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key?.kid ?? '' })
        .setAudience(use)
        .setExpirationTime('1h')
        .encrypt(bytes);
    const ourKey = Buffer.from(key?.key ?? '', 'base64url');
    for (const bad of ['', 'x', altered, await seal(Buffer.alloc(32), 'session'), await seal(ourKey, 'return')])
      expect((await ask(`__Host-session=${bad}`)).status).toBe(401);
    expect((await ask(`__Host-session=${await seal(ourKey, 'session')}`)).status).toBe(200); // so only what was wrong was refused
  });

  it('renews a token that is about to end once, for all requests that come together', async () => {
    renewal.lifeSeconds = 30;
    const cookie = await session();
    renewal.lifeSeconds = 300;
    stand.seen.length = 0;
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(cookie)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(stand.seen.filter(({ url }) => url === '/auth/access-token')).toHaveLength(1);
    expect(cookieOf(answers[0] as Response)).not.toBe('');
  });

  it('stays signed in while identity is down, as long as the token lives', async () => {
    renewal.lifeSeconds = 30;
    const cookie = await session();
    renewal.status = 503;
    expect((await ask(cookie)).status).toBe(200);
  });

  it('is signed out, and the cookie cleared, when identity does not know the session any more', async () => {
    renewal.lifeSeconds = 30;
    const cookie = await session();
    renewal.status = 401;
    const answer = await ask(cookie);
    expect(answer.status).toBe(401);
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-session=; Max-Age=0/)]);
  });

  it('signs out: the session ends at identity, and the cookie goes', async () => {
    const cookie = await session();
    const answer = await stand.fetch('/auth/sign-out', { method: 'POST', headers: { cookie, ...ours } });
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-session=; Max-Age=0/)]);
    expect(ended).toEqual([expect.stringMatching(/^handle-/)]);
  });

  it.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site, by an old browser', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a place it does not name', {}],
  ])('cannot be used by %s', async (_, headers: Record<string, string>) => {
    const cookie = await session();
    stand.seen.length = 0;
    const refused = { status: 403 };
    const post = (path: string, init: Record<string, string>) =>
      stand.fetch(path, { method: 'POST', headers: { cookie, ...init, ...headers } });
    expect(await post('/v1/connections', {})).toMatchObject(refused);
    expect(await post('/connect/complete', form)).toMatchObject(refused);
    expect(await post('/auth/sign-out', {})).toMatchObject(refused);
    expect(await post('/auth/verify-email', form)).toMatchObject(refused);
    expect(await stand.fetch('/v1/connections/x', { method: 'DELETE', headers: { cookie, ...headers } })).toMatchObject(refused);
    expect(stand.seen).toEqual([]);
    expect((await ask(cookie, { headers })).status).toBe(200); // reading is no harm: the answer stays unread over there
  });

  it('is not signed in by another site, or by a form that hides where it comes from', async () => {
    const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (const headers of [evil, {}]) expect((await signIn(headers)).status).toBe(403);
    expect((await signIn({ origin: 'null', 'sec-fetch-site': 'same-origin' })).status).toBe(200); // our own no-referrer page
  });

  it('goes on to where it was going when it had to sign in first', async () => {
    const path = '/connect/verify?session_uri=secret%2F1';
    const away = await stand.fetch(path);
    expect([away.status, away.headers.get('location')]).toEqual([303, '/auth/sign-in']);
    const kept = cookieOf(away, '__Host-sign-in');
    expect(kept).not.toContain('secret');
    const back = await stand.fetch('/auth/sign-in', {
      method: 'POST',
      headers: { ...form, ...ours, cookie: kept },
      body: new URLSearchParams(credentials).toString(),
    });
    expect([back.status, back.headers.get('location')]).toEqual([303, path]);
    // A script signs in, and then goes where only the gateway knows, once.
    const on = await stand.fetch('/auth/back', { headers: { cookie: kept } });
    expect([on.status, on.headers.get('location'), cookieOf(on, '__Host-sign-in')]).toEqual([303, path, '__Host-sign-in=']);
    expect((await stand.fetch('/auth/back')).headers.get('location')).toBe('/');
  });

  it('gets a page of the app, as nobody, for a click on a page when the session has ended meanwhile', async () => {
    await stand.fetch('/connect/complete', { method: 'POST', headers: { ...form, ...ours }, body: 'sessionUri=x' });
    expect(stand.seen).toMatchObject([{ app: 'connections', principal: { kind: 'none' }, body: 'sessionUri=x' }]);
  });
});
