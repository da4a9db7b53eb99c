import { ConnectionActivated } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { aUser, click, consent, fromGateway, requests, verify } from './connecting.js';

describe('when somebody else returns from the provider', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterAll(() => app.close());

  const page = (path: string, o: { as?: string; cookie?: string; body?: string }) => visit(app, path, o);

  it('connects nothing for either, and says nothing about who it was', async () => {
    const [ana, ben] = [aUser('ana'), aUser('ben')];
    const { id, connectUrl } = await click(app, ana);
    const sessionUri = await consent(connectUrl);
    const stopped = await app.as(ben).post('/v1/connections/complete', { sessionUri });
    expect(stopped).toMatchObject({ status: 403, body: { code: 'identity_mismatch' } });
    expect(JSON.stringify(stopped.body)).not.toContain(ana);
    expect(await app.told(ConnectionActivated)).toEqual([]);
    expect((await app.as(ben).get('/v1/connections')).body).toMatchObject({ data: [] });
    expect((await app.as(ana).get(`/v1/connections/${id}`)).body).toMatchObject({ status: 'pending' });
    // Composio was asked for the person who was there, never for the one who started it.
    expect(await requests(({ path }) => path.endsWith('/complete_auth'))).toMatchObject([{ userIdSent: ben }]);
    expect(await app.as(ana).post('/v1/connections/complete', { sessionUri })).toMatchObject({ status: 410 });
  });

  it('shows pages: looking at one changes nothing, a browser that is not known is asked, a stranger is stopped', async () => {
    const [ana, ben] = [aUser('ana'), aUser('ben')];
    const answer = await app.as(ana).post('/v1/connections', { app: 'gmail' });
    const cookie = String(answer.headers.get('set-cookie')).split(';')[0] ?? '';
    expect(String(answer.headers.get('set-cookie'))).toMatch(/^__Host-connect=[\w-]{43}; Path=\/; .*HttpOnly; Secure; SameSite=Lax/);
    const sessionUri = await consent((answer.body as { connectUrl: string }).connectUrl);
    const verifyPath = `/connect/verify?session_uri=${sessionUri}`;

    const signedOut = await page(verifyPath, {});
    expect(signedOut).toMatchObject({ status: 401 });
    expect(signedOut.text).not.toContain(sessionUri);
    expect(await page(verifyPath, { as: ben })).toMatchObject({ status: 403 });
    const unknownBrowser = await page(verifyPath, { as: ana });
    expect(unknownBrowser.text).toContain('Connect Gmail?');
    expect(unknownBrowser.text).not.toContain('<script');
    const known = await page(verifyPath, { as: ana, cookie });
    expect(known.text).toContain('<script nonce=');
    expect(known.headers.get('referrer-policy')).toBe('no-referrer');
    expect(known.headers.get('cache-control')).toBe('no-store');
    expect(known.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(await app.told(ConnectionActivated)).toEqual([]);

    const body = new URLSearchParams({ sessionUri }).toString();
    expect(await page('/connect/complete', { as: ana, body })).toMatchObject({
      status: 200,
      text: expect.stringContaining('Gmail is connected'),
    });
    expect(await page('/connect/complete', { as: ana, body })).toMatchObject({
      status: 410,
      text: expect.stringContaining('already used'),
    });
    expect(await page(verifyPath, { as: ana, cookie })).toMatchObject({ status: 410 });
    expect(await page('/connect/verify', { as: ana })).toMatchObject({ status: 400 });
    expect(await page('/connect/verify?status=failed&error=access_denied', { as: ana })).toMatchObject({
      text: expect.stringContaining('nothing changed'),
    });
    expect(await page(`/connect/complete`, { as: ana, body: 'sessionUri=' })).toMatchObject({ status: 400 });
    expect(await app.told(ConnectionActivated)).toHaveLength(1);
  });
});

describe('when a person says no at the provider', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterAll(() => app.close());

  it('gets a new link at the next click, in the browser that left and in no other', async () => {
    const ana = aUser('ana');
    const answer = await app.as(ana).post('/v1/connections', { app: 'gmail' });
    const cookie = String(answer.headers.get('set-cookie')).split(';')[0] ?? '';
    const { id, connectUrl } = answer.body as { id: string; connectUrl: string };
    await consent(connectUrl, 'deny');
    const no = '/connect/verify?status=failed&error=access_denied';
    await visit(app, no, { as: ana });
    await visit(app, no, { as: aUser('ben'), cookie });
    expect((await click(app, ana, 'gmail')).connectUrl).toBe(connectUrl);
    await visit(app, `${no}&connected_account_id=ca_another`, { as: ana, cookie });
    expect((await click(app, ana, 'gmail')).connectUrl).toBe(connectUrl);
    await visit(app, no, { as: ana, cookie });
    expect((await app.as(ana).get(`/v1/connections/${id}`)).body).toMatchObject({ status: 'not_finished', reason: 'declined' });
    const again = await click(app, ana, 'gmail');
    expect(again.id).toBe(id);
    expect(again.connectUrl).not.toBe(connectUrl);
  });
});

async function visit(app: TestApp, path: string, { as, cookie, body }: { as?: string; cookie?: string; body?: string }) {
  const token = await fromGateway(as ? { kind: 'user', id: as } : { kind: 'none' });
  const response = await fetch(`${app.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...token, ...(cookie && { cookie }), ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }) },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  expect(response.headers.get('content-type')).toContain('text/html');
  return { status: response.status, text, headers: response.headers };
}
