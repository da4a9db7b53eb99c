import { aProvider } from './provider.js';
import { aStand, type Stand } from './stand.js';

describe('when sign-in is another provider’s', () => {
  let stand: Stand;
  let provider: Awaited<ReturnType<typeof aProvider>>;

  beforeAll(async () => {
    provider = await aProvider();
    stand = await aStand({
      AUTH_MODE: 'oidc',
      AUTH_ISSUER: provider.url,
      AUTH_JWKS_URL: '',
      OIDC_CLIENT_ID: 'web',
      OIDC_CLIENT_SECRET: 'secret',
    });
  });
  afterAll(async () => {
    await stand.close();
    await provider.close();
  });
  beforeEach(() => {
    stand.seen.length = 0;
    Object.assign(provider.state, { lifeSeconds: 300, audience: 'gatehouse' });
  });

  const cookieOf = (answer: Response, name: string) =>
    answer.headers
      .getSetCookie()
      .find((line) => line.startsWith(`${name}=`))
      ?.split(';', 1)[0] ?? '';
  async function away() {
    const answer = await stand.fetch('/auth/sign-in');
    expect(answer.status).toBe(303);
    return { trip: cookieOf(answer, '__Host-oidc'), to: new URL(answer.headers.get('location') ?? '') };
  }
  const back = (query: URLSearchParams, cookie: string) => stand.fetch(`/auth/callback?${query}`, { headers: { cookie } });
  async function session() {
    const { trip, to } = await away();
    return cookieOf(await back(provider.consent(to), trip), '__Host-session');
  }
  const me = (cookie: string) => stand.fetch('/v1/me', { headers: { cookie } });

  it('leaves with PKCE and comes back signed in', async () => {
    const { trip, to } = await away();
    expect(to.origin).toBe(provider.url);
    expect(Object.fromEntries(to.searchParams)).toMatchObject({
      client_id: 'web',
      code_challenge_method: 'S256',
      redirect_uri: 'http://localhost:3000/auth/callback',
    });
    const answer = await back(provider.consent(to), trip);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    expect((await me(cookieOf(answer, '__Host-session'))).status).toBe(200);
    expect(stand.seen[0]?.principal).toMatchObject({ kind: 'user', id: 'ana' });
  });

  it.each([
    ['another browser', (query: URLSearchParams) => ({ query, cookie: '' })],
    [
      'another sign-in',
      (query: URLSearchParams, trip: string) => ({
        query: new URLSearchParams({ ...Object.fromEntries(query), state: 'x' }),
        cookie: trip,
      }),
    ],
    [
      'a made-up code',
      (query: URLSearchParams, trip: string) => ({ query: new URLSearchParams({ ...Object.fromEntries(query), code: 'x' }), cookie: trip }),
    ],
  ])('signs nobody in who comes back with %s', async (_, change) => {
    const { trip, to } = await away();
    const { query, cookie } = change(provider.consent(to), trip);
    const answer = await back(query, cookie);
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'sign_in_failed' })]);
    expect(cookieOf(answer, '__Host-session')).toBe('');
  });

  it('makes no session of a token that is for somebody else', async () => {
    provider.state.audience = 'web';
    const { trip, to } = await away();
    const answer = await back(provider.consent(to), trip);
    expect([answer.status, cookieOf(answer, '__Host-session')]).toEqual([401, '']);
  });

  it('renews with a rotating refresh token, once for requests that come together', async () => {
    provider.state.lifeSeconds = 30;
    const cookie = await session();
    provider.state.lifeSeconds = 300;
    const answers = await Promise.all(Array.from({ length: 10 }, () => me(cookie)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect((await me(cookieOf(answers[0] as Response, '__Host-session'))).status).toBe(200);
  });

  it('is over when the provider takes the refresh token no more', async () => {
    provider.state.lifeSeconds = 30;
    const cookie = await session();
    provider.state.refreshToken = 'another';
    expect((await me(cookie)).status).toBe(401);
  });

  it('is revoked at the provider when the person signs out', async () => {
    const cookie = await session();
    const { refreshToken } = provider.state;
    await stand.fetch('/auth/sign-out', { method: 'POST', headers: { cookie, origin: stand.origin } });
    expect(provider.state.revoked).toEqual([refreshToken]);
  });
});
