import { randomUUID } from 'node:crypto';
import { ConnectionActivated, type ConnectionView } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { Account } from '../src/connections/account.entity.js';
import { PendingWorker } from '../src/connections/pending.worker.js';
import { aUser, click, connect, consent, requests, verify } from './connecting.js';

describe('when a person connects an app', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterAll(() => app.close());

  const toldOf = async (userId: string) => (await app.told(ConnectionActivated)).filter((told) => told.userId === userId);
  const change = (userId: string, values: Partial<Account>) =>
    asUsers(app.em, [userId], () => app.em.nativeUpdate(Account, { userId }, values));
  const due = (userId: string) => change(userId, { workAt: new Date(0) });
  const over = (userId: string) => change(userId, { workAt: new Date(0), expiresAt: new Date(0) });
  const look = () => app.app.get(PendingWorker).tick();

  it('is pending, then active with its account after the return, and that is told once', async () => {
    const userId = aUser();
    const { id, connectUrl } = await click(app, userId);
    expect((await app.as(userId).get(`/v1/connections/${id}`)).body).toMatchObject({ status: 'pending', accountId: null });
    const sessionUri = await consent(connectUrl);
    const { status, body } = await app.as(userId).post('/v1/connections/complete', { sessionUri });
    expect(status).toBe(200);
    const { accountId } = body as ConnectionView;
    expect(body).toMatchObject({ id, app: 'slack', status: 'active', epoch: 0 });
    await due(userId);
    await look();
    expect(await toldOf(userId)).toEqual([{ connectionId: id, userId, app: 'slack', accountId, epoch: 0, reconnected: false }]);
    expect((await app.as(userId).get('/v1/connections')).body).toMatchObject({
      data: [{ id, status: 'active', accountId }],
      nextCursor: null,
    });
  });

  it('gives concurrent clicks one attempt and one link', async () => {
    const userId = aUser();
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => click(app, userId)));
    expect(new Set(all.map(({ connectUrl }) => connectUrl)).size).toBe(1);
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(await requests(({ method, userIdSent }) => method === 'POST' && userIdSent === userId)).toHaveLength(1);
  });

  it('takes a session once: a second time it is gone, and nothing changes', async () => {
    const userId = aUser();
    const sessionUri = await consent((await click(app, userId)).connectUrl);
    expect((await app.as(userId).post('/v1/connections/complete', { sessionUri })).status).toBe(200);
    const again = await app.as(userId).post('/v1/connections/complete', { sessionUri });
    expect(again).toMatchObject({ status: 410, body: { code: 'connect_session_gone' } });
    expect(await toldOf(userId)).toHaveLength(1);
    expect(await requests(({ path, userIdSent }) => path.endsWith('/complete_auth') && userIdSent === userId)).toHaveLength(1);
  });

  it('is activated by reading when the answer to the redemption was lost, which is never asked again', async () => {
    const userId = aUser();
    const sessionUri = await consent((await click(app, userId)).connectUrl);
    await sandboxControl.post('faults', { match: { path: '/complete_auth' }, effect: { reset: 'after' }, times: 1 });
    const lost = await app.as(userId).post('/v1/connections/complete', { sessionUri });
    expect(lost).toMatchObject({ status: 503, body: { code: 'connect_checking' } });
    await due(userId);
    await look();
    expect(await toldOf(userId)).toHaveLength(1);
    expect(await requests(({ path, userIdSent }) => path.endsWith('/complete_auth') && userIdSent === userId)).toHaveLength(1);
  });

  it('is never active without proof: an ACTIVE account that nobody brought back is removed, and nobody is told', async () => {
    const userId = aUser();
    const { id } = await click(app, userId);
    const [account] = await asUsers(app.em, [userId], () => app.em.find(Account, { userId }));
    await sandboxControl.patch(`accounts/${account?.accountId}`, { status: 'ACTIVE' });
    await due(userId);
    await look();
    expect((await app.as(userId).get(`/v1/connections/${id}`)).body).toMatchObject({ status: 'not_finished', reason: 'verifier_bypassed' });
    expect(await app.reload(account as Account)).toMatchObject({ state: 'removing', revoke: true });
    expect(await toldOf(userId)).toEqual([]);
  });

  it('ends not finished, silently, when nobody comes back; and can be started again', async () => {
    const userId = aUser();
    const { id, connectUrl } = await click(app, userId);
    await over(userId);
    await look();
    expect((await app.as(userId).get(`/v1/connections/${id}`)).body).toMatchObject({ status: 'not_finished', reason: 'timed_out' });
    expect(await toldOf(userId)).toEqual([]);
    const again = await click(app, userId);
    expect(again.id).toBe(id);
    expect(again.connectUrl).not.toBe(connectUrl);
  });

  it('keeps several accounts of an app apart by their alias, page by page', async () => {
    const userId = aUser();
    const ids = [];
    for (const alias of [undefined, 'Work', 'Private']) ids.push((await connect(app, userId, 'slack', alias)).id);
    const first = (await app.as(userId).get('/v1/connections?limit=2')).body as { data: ConnectionView[]; nextCursor: string };
    const rest = (await app.as(userId).get(`/v1/connections?limit=2&cursor=${first.nextCursor}`)).body as typeof first;
    expect([...first.data, ...rest.data].map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(rest.nextCursor).toBeNull();
    expect(await app.as(aUser()).get(`/v1/connections?limit=2&cursor=${first.nextCursor}`)).toMatchObject({
      body: { code: 'invalid_cursor' },
    });
  });

  it('refuses what cannot be: an unknown app, a bad body, too many tries', async () => {
    const userId = aUser();
    const { post } = app.as(userId);
    expect(await post('/v1/connections', { app: 'nosuchapp' })).toMatchObject({ status: 422, body: { code: 'unknown_app' } });
    expect(await post('/v1/connections', { app: 'slack', userId: 'ben' })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    expect(await post('/v1/connections/complete', { sessionUri: 'x'.repeat(513) })).toMatchObject({ status: 400 });
    expect(await post('/v1/connections/complete', { sessionUri: 'session_nobody_knows' })).toMatchObject({
      body: { code: 'connect_session_gone' },
    });
    const tried = {
      userId,
      connectionId: randomUUID(),
      app: 'slack',
      state: 'not_finished' as const,
      expiresAt: new Date(),
      createdAt: new Date(),
    };
    const tries = Array.from({ length: 20 }, () => ({ ...tried, id: randomUUID() }));
    await asUsers(app.em, [userId], () => app.em.insertMany(Account, tries));
    const refused = await post('/v1/connections', { app: 'slack' });
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3000);
  });
});
