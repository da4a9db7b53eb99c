import { ConnectionActivated, type ConnectionView } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { aUser, click, connect, consent, fromGateway, requests, verify } from './connecting.js';

const { AppModule } = await import('../src/app.module.js');
const { Account } = await import('../src/connections/account.entity.js');
const { PendingWorker } = await import('../src/connections/pending.worker.js');

describe('what comes back and is not true', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterEach(() => sandboxControl.delete('faults'));
  afterAll(() => app.close());

  const state = async (userId: string, id: string) => (await app.as(userId).get(`/v1/connections/${id}`)).body as ConnectionView;
  const told = async (...users: string[]) => (await app.told(ConnectionActivated)).filter(({ userId }) => users.includes(userId));
  const complete = (userId: string, sessionUri: string) => app.as(userId).post('/v1/connections/complete', { sessionUri });
  const pendingOf = async (userId: string) => {
    const found = await asUsers(app.em, [userId], () => app.em.findOneOrFail(Account, { userId, state: 'pending' }));
    return String(found.accountId);
  };
  const look = async (userId: string) => {
    await asUsers(app.em, [userId], () => app.em.nativeUpdate(Account, { userId }, { workAt: new Date(0) }));
    await app.app.get(PendingWorker).tick();
  };
  const answers = (match: object, body: unknown) => sandboxControl.post('faults', { match, effect: { status: 200, body } });

  it('the parameters of a return: whatever they say, looking at the page connects nothing and asks Composio nothing', async () => {
    const [ana, ben] = [aUser('ana'), aUser('ben')];
    const bens = await connect(app, ben);
    const { id, connectUrl } = await click(app, ana);
    const session = await consent(connectUrl);
    const account = await pendingOf(ana);
    const asked = (await requests(() => true)).length;
    for (const query of [
      `status=success&connected_account_id=${account}`,
      `status=ACTIVE&connectionStatus=ACTIVE&connectedAccountId=${account}&user_id=${ana}`,
      `status=success&connected_account_id=${bens.accountId}&userId=${ben}`,
      `session_uri=${session}&user_id=${ben}&connected_account_id=${bens.accountId}&status=success`,
      `session_uri=${session}&session_uri=session_another`,
      `session_uri=${'x'.repeat(513)}`,
      `session_uri=`,
      `status=failed&error=access_denied&connected_account_id=${bens.accountId}`,
      `status[]=failed&error[x]=1&connected_account_id[]=${account}`,
    ]) {
      const answer = await fetch(`${app.url}/connect/verify?${query}`, { headers: await fromGateway({ kind: 'user', id: ana }) });
      expect([answer.headers.get('content-type'), answer.status < 500]).toEqual([expect.stringContaining('text/html'), true]);
    }
    expect(await state(ana, id)).toMatchObject({ status: 'pending' });
    expect(await state(ben, bens.id)).toEqual(bens);
    expect((await requests(() => true)).length).toBe(asked);
    expect(await told(ana)).toEqual([]);
  });

  it('a forged denial takes no connection away that works', async () => {
    const userId = aUser();
    const mine = await connect(app, userId);
    const answer = await app.as(userId).post(`/v1/connections/${mine.id}/reconnect`);
    const cookie = String(answer.headers.get('set-cookie')).split(';')[0] ?? '';
    const headers = { ...(await fromGateway({ kind: 'user', id: userId })), cookie };
    await fetch(`${app.url}/connect/verify?status=failed&connected_account_id=${await pendingOf(userId)}`, { headers });
    await fetch(`${app.url}/connect/verify?status=failed&connected_account_id=${mine.accountId}`, { headers });
    expect(await state(userId, mine.id)).toMatchObject({ status: 'active', accountId: mine.accountId });
  });

  it.each([
    ['nothing', () => ({})],
    ['no object', () => null],
    ['an id that is none', () => ({ connected_account_id: 'ca_1/../ca_2,ca_3', toolkit_slug: 'slack' })],
    ['an account nobody knows', () => ({ connected_account_id: 'ca_unknown', toolkit_slug: 'slack' })],
    ['another app', (own: string) => ({ connected_account_id: own, toolkit_slug: 'gmail' })],
    ['an account that is not ACTIVE', (own: string) => ({ connected_account_id: own, toolkit_slug: 'slack' })],
    ['the account of another user', (_: string, bens: string) => ({ connected_account_id: bens, toolkit_slug: 'slack' })],
  ])('a redemption that is answered with %s activates nothing, for nobody', async (_, body) => {
    const [ana, ben] = [aUser('ana'), aUser('ben')];
    const bens = await connect(app, ben);
    const { id, connectUrl } = await click(app, ana);
    const session = await consent(connectUrl);
    await answers({ path: '/complete_auth', owner: ana }, body(await pendingOf(ana), String(bens.accountId)));
    expect([403, 410, 503]).toContain((await complete(ana, session)).status);
    await sandboxControl.delete('faults');
    await look(ana);
    expect(['pending', 'not_finished']).toContain((await state(ana, id)).status);
    expect(await state(ben, bens.id)).toEqual(bens);
    expect(await told(ana)).toEqual([]);
    expect(await requests(({ method, path }) => method === 'DELETE' && path.includes(String(bens.accountId)))).toEqual([]);
  });

  it.each(['truncated', 'html'] as const)(
    'a redemption that worked and whose answer is %s is activated by reading, once',
    async (garble) => {
      const userId = aUser();
      const { id, connectUrl } = await click(app, userId);
      const session = await consent(connectUrl);
      await sandboxControl.post('faults', { match: { path: '/complete_auth', owner: userId }, effect: { garble } });
      expect(await complete(userId, session)).toMatchObject({ status: 503, body: { code: 'connect_checking' } });
      await look(userId);
      expect(await state(userId, id)).toMatchObject({ status: 'active' });
      await look(userId);
      expect(await told(userId)).toHaveLength(1);
      expect(await requests(({ path, userIdSent }) => path.endsWith('/complete_auth') && userIdSent === userId)).toHaveLength(1);
    },
  );

  it.each([
    ['nothing', {}],
    ['a list', []],
    ['a status that is a number', { id: 'ca_1', status: 7 }],
    ['an error that says 200', { error: { message: 'no', code: 606 } }],
  ])('an account that reads as %s changes nothing that stands', async (_, body) => {
    const userId = aUser();
    const mine = await connect(app, userId);
    await answers({ method: 'GET', path: String(mine.accountId) }, body);
    expect(await app.as(userId).post(`/v1/connections/${mine.id}/check`)).toMatchObject({ status: 503 });
    expect(await state(userId, mine.id)).toEqual(mine);
  });

  it('a status nobody has seen is never active, and raises a doubt where there was none', async () => {
    const [ana, ben] = [aUser('ana'), aUser('ben')];
    const mine = await connect(app, ana);
    const { id, connectUrl } = await click(app, ben);
    await consent(connectUrl);
    const unseen = (accountId: string) => unseenStatus(accountId);
    await unseen(String(mine.accountId));
    await unseen(await pendingOf(ben));
    expect((await app.as(ana).post(`/v1/connections/${mine.id}/check`)).body).toMatchObject({
      status: 'unknown',
      providerStatus: 'ACTIVATED',
    });
    await look(ben);
    expect(await state(ben, id)).toMatchObject({ status: 'pending' });
    expect(await told(ben)).toEqual([]);
  });

  it.each(['javascript:alert(1)', 'ftp://example.com/x', '//example.com', '', 7])('a link that is %j is handed to nobody', async (link) => {
    const userId = aUser();
    const rewritten = {
      redirect_url: link,
      redirectUrl: link,
      connected_account_id: 'ca_1',
      link_token: 'lk_1',
      expires_at: new Date().toISOString(),
    };
    const legacy = { connectionResponse: { connectionStatus: 'INITIATED', connectedAccountId: 'ca_1', redirectUrl: link } };
    await answers({ method: 'POST', owner: userId }, { ...rewritten, ...legacy });
    const answer = await app.as(userId).post('/v1/connections', { app: 'slack' });
    expect(answer.status).toBe(503);
    expect(JSON.stringify(answer.body)).not.toContain('connectUrl');
    const [only] = (await app.as(userId).get('/v1/connections')).body.data as ConnectionView[];
    expect(only).toMatchObject({ status: 'not_finished', reason: 'failed' });
  });

  it('a session that another user brought ends the attempt, silently and for both, whoever brings it next', async () => {
    const [ana, ben] = [aUser('ana'), aUser('ben')];
    const { id, connectUrl } = await click(app, ana);
    const session = await consent(connectUrl);
    expect(await complete(ben, session)).toMatchObject({ status: 403, body: { code: 'identity_mismatch' } });
    expect(await complete(ana, session)).toMatchObject({ status: 410 });
    await look(ana);
    expect(await state(ana, id)).toMatchObject({ status: 'not_finished', reason: 'identity_mismatch', accountId: null });
    expect((await app.as(ben).get('/v1/connections')).body).toMatchObject({ data: [] });
    expect(await told(ana, ben)).toEqual([]);
  });

  it('a session older than ten minutes opens nothing', async () => {
    const userId = aUser();
    const { id, connectUrl } = await click(app, userId);
    const session = await consent(connectUrl);
    await sandboxControl.post('clock', { advanceMs: 11 * 60_000 });
    expect(await complete(userId, session)).toMatchObject({ status: 410, body: { code: 'connect_session_gone' } });
    await look(userId);
    expect(await state(userId, id)).toMatchObject({ status: 'not_finished', reason: 'timed_out' });
    expect(await told(userId)).toEqual([]);
  });

  /** What Composio answers for this account, but for its status. */
  async function unseenStatus(accountId: string): Promise<void> {
    const api = process.env.COMPOSIO_DRIVER === 'legacy' ? '/api/v1/connectedAccounts' : '/api/v3.1/connected_accounts';
    const url = `${sandboxControl.url}${api}/${accountId}`;
    const body = (await (await fetch(url, { headers: { 'x-api-key': sandboxControl.key } })).json()) as object;
    await answers({ method: 'GET', path: accountId }, { ...body, status: 'ACTIVATED' });
  }
});
