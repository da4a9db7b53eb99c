import { UserCreated } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { people, tokenOf } from './person.js';

process.env.OPERATOR_EMAILS = 'Boss@people.test';
const { AppModule } = await import('../src/app.module.js');

describe('when a person signs up', () => {
  let app: TestApp;
  let their: ReturnType<typeof people>;
  const created = async (email: string) => (await app.told(UserCreated)).filter((data) => data.email === email);

  beforeAll(async () => {
    app = await startApp(AppModule);
    their = people(app);
  });
  afterAll(() => app.close());

  it('is no user, and cannot sign in, until the address is proven', async () => {
    const ana = await their.signUp();
    expect(await created(ana.email)).toEqual([]);
    expect(await their.signIn(ana)).toMatchObject({ status: 403, body: { code: 'email_not_verified' } });
    expect(await their.prove(ana)).toMatchObject({ status: 200 });
    expect(await created(ana.email)).toEqual([{ userId: expect.any(String), email: ana.email, name: 'Ana' }]);
    expect(await their.signIn(ana)).toMatchObject({ status: 200, body: { signedIn: true } });
  });

  it('is told of once, however often the link is used', async () => {
    const ana = await their.signUp();
    const token = await tokenOf(ana.email, 'Confirm');
    for (let use = 0; use < 3; use += 1) await their.nobody.post('/auth/verify-email', { token });
    expect(await created(ana.email)).toHaveLength(1);
  });

  it('changes nothing by opening the link: only the button on the page does', async () => {
    const ana = await their.signUp();
    const token = await tokenOf(ana.email, 'Confirm');
    const page = await their.nobody.get(`/auth/verify?token=${token}`);
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<form method="post" action="/auth/verify-email">') });
    expect(await their.nobody.get(`/auth/verify-email?token=${token}`)).toMatchObject({ status: 404 });
    expect(await created(ana.email)).toEqual([]);
  });

  it('gets the same answer for an address that is taken, which stays as it is', async () => {
    const ana = await their.signUp();
    await their.prove(ana);
    const thief = await their.signUp(ana.email, 'Thief');
    expect(await their.signIn(thief)).toMatchObject({ status: 401, body: { code: 'invalid_email_or_password' } });
    expect(await their.signIn(ana)).toMatchObject({ status: 200 });
    expect(await created(ana.email)).toHaveLength(1);
  });

  it('has an access token after RFC 9068 that lives five minutes', async () => {
    const ana = await their.signUp();
    await their.prove(ana);
    const { header, claims } = await accessToken(app, ana, their);
    expect(header).toMatchObject({ typ: 'at+jwt', alg: 'ES256', kid: expect.any(String) });
    const [{ userId } = { userId: '' }] = await created(ana.email);
    expect(claims).toEqual({
      iss: 'http://localhost:3000',
      aud: 'gatehouse',
      sub: userId,
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
  });

  it('is an operator only with a proven address from the list', async () => {
    const boss = await their.signUp('boss@people.test');
    await their.prove(boss);
    expect((await accessToken(app, boss, their)).claims.roles).toEqual(['operator']);
  });

  it('sets a new password by mail, once, which ends the sessions there were', async () => {
    const ana = await their.signUp();
    await their.prove(ana);
    const before = (await their.signIn(ana)).headers.get('set-auth-token') ?? '';
    await their.nobody.post('/auth/request-password-reset', { email: ana.email });
    const token = await tokenOf(ana.email, 'Choose');
    const renewed = { email: ana.email, password: 'a new and longer one' };
    expect(await their.nobody.post('/auth/reset-password', { token, newPassword: renewed.password })).toMatchObject({ status: 200 });
    expect(await their.nobody.post('/auth/reset-password', { token, newPassword: 'the second use of it' })).toMatchObject({ status: 400 });
    expect(await their.signIn(ana)).toMatchObject({ status: 401 });
    expect(await their.signIn(renewed)).toMatchObject({ status: 200 });
    expect((await their.renew(before)).status).toBe(401);
  });

  it.each([
    ['a short password', { email: 'x@people.test', password: 'short', name: 'X' }, 'password'],
    ['no address', { email: 'nowhere', password: 'long enough for us', name: 'X' }, 'email'],
    ['a field nobody knows', { email: 'x@people.test', password: 'long enough for us', name: 'X', emailVerified: true }, ''],
  ])('is refused with %s', async (_, body, path) => {
    const answer = await their.nobody.post('/auth/sign-up/email', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input', errors: [{ path }] } });
  });

  it('finds none of the library’s other routes', async () => {
    for (const path of ['delete-user', 'update-user', 'sign-in/social', 'token', 'get-session', 'list-sessions', 'change-email'])
      expect(await their.nobody.post(`/auth/${path}`, {})).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('is heard over the gateway only', async () => {
    expect(await app.anyone.post('/auth/sign-in/email', {})).toMatchObject({ status: 401 });
    expect(await app.from('agent-runner', { kind: 'none' }).post('/auth/sign-in/email', {})).toMatchObject({ status: 403 });
    expect(await app.anyone.get('/auth/jwks')).toMatchObject({ status: 200, body: { keys: [{ kty: 'EC', crv: 'P-256' }] } });
  });
});

describe('when somebody guesses a password', () => {
  it('refuses the 21st try, also with the right one and from many addresses', async () => {
    const app = await startApp(AppModule);
    const their = people(app);
    const ana = await their.signUp();
    await their.prove(ana);
    const guess = (n: number, password: string) => their.call('sign-in/email', { 'x-client-ip': `10.1.1.${n}` }, { ...ana, password });
    const tries = [];
    for (let n = 0; n < 20; n += 1) tries.push((await guess(n, 'wrong')).status);
    expect(tries.every((status) => status === 401)).toBe(true);
    expect((await guess(21, ana.password)).status).toBe(429);
    await app.close();
  });
});

async function accessToken(app: TestApp, person: Parameters<ReturnType<typeof people>['signIn']>[0], their: ReturnType<typeof people>) {
  const handle = (await their.signIn(person)).headers.get('set-auth-token') ?? '';
  const { token } = (await (await their.renew(handle)).json()) as { token: string };
  const { body: jwks } = await app.anyone.get('/auth/jwks');
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks));
  return { claims: payload, header: protectedHeader };
}
