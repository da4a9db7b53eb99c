import { ConnectionRemoved, type ConnectionView, UserDeleted } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { aUser, click, connect, consent, requests, verify } from './connecting.js';

const { AppModule } = await import('../src/app.module.js');
const { Redemption } = await import('../src/callback/redemption.entity.js');
const { Account } = await import('../src/connections/account.entity.js');
const { Connection } = await import('../src/connections/connection.entity.js');
const { RemovalsWorker } = await import('../src/removals/removals.worker.js');

// The older API cannot, and the person is told so.
const canRevoke = process.env.COMPOSIO_DRIVER !== 'legacy';

describe('when a person disconnects', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterAll(() => app.close());

  const work = () => app.app.get(RemovalsWorker).tick();
  const toldOf = async (user: string) => (await app.told(ConnectionRemoved)).filter(({ userId }) => userId === user);
  const now = (userId: string) =>
    asUsers(app.em, [userId], () => app.em.nativeUpdate(Account, { userId, state: 'removing' }, { workAt: new Date(0) }));

  it('is refused at the gate at once, revoked and deleted at Composio, then told once', async () => {
    const userId = aUser();
    const { id, accountId } = await connect(app, userId);
    expect(await app.as(userId).delete(`/v1/connections/${id}`)).toMatchObject({
      status: 202,
      body: { id, status: 'removing', outcome: 'pending' },
    });
    expect((await app.as(userId).post('/v1/gate', { apps: { required: ['slack'] } })).body).toMatchObject({ verdict: 'blocked' });
    await work();
    expect(await app.as(userId).delete(`/v1/connections/${id}`)).toMatchObject({
      status: 202,
      body: { status: 'removed', outcome: canRevoke ? 'revoked' : 'not_supported' },
    });
    await work();
    expect(await toldOf(userId)).toEqual([{ connectionId: id, userId, app: 'slack', accountId, by: 'user' }]);
    expect(((await app.as(userId).get('/v1/connections')).body as { data: ConnectionView[] }).data).toEqual([]);
    expect(await connect(app, userId)).toMatchObject({ status: 'active' });
  });

  const provider = (revoke: string) => sandboxControl.put('project', { revoke: { github: revoke } });
  const change = (values: object) => (accountId: string) => sandboxControl.patch(`accounts/${accountId}`, values);
  const answerDeletion = (body: object) => (id: string) =>
    sandboxControl.post('faults', { match: { method: 'DELETE', path: id }, effect: { status: 200, body }, times: 1 });

  it.each<[string, string, (accountId: string) => unknown, string]>([
    ['the provider cancels it', 'supported', () => undefined, 'revoked'],
    ['it was cancelled before', 'supported', change({ status: 'REVOKED' }), 'revoked'],
    ['the provider cannot', 'not-supported', () => undefined, 'not_supported'],
    ['the provider failed and Composio tries on', 'fails', () => undefined, 'not_active'],
    ['the provider failed and Composio does not try', 'fails', answerDeletion({ success: true }), 'needs_attention'],
    ['the account had expired', 'supported', change({ status: 'EXPIRED' }), 'not_active'],
    ['the account was switched off', 'supported', change({ status: 'INACTIVE' }), 'not_active'],
    ['the account was gone', 'supported', change({ deleted: true }), 'already_gone'],
  ])('says honestly what became of the access when %s', async (_, support, prepare, outcome) => {
    const userId = aUser();
    const { id, accountId } = await connect(app, userId, 'github');
    await provider(support);
    await prepare(String(accountId));
    await app.as(userId).delete(`/v1/connections/${id}`);
    await work();
    await provider('supported');
    const said = canRevoke || outcome === 'already_gone' ? outcome : 'not_supported';
    expect(await app.as(userId).delete(`/v1/connections/${id}`)).toMatchObject({ body: { status: 'removed', outcome: said } });
    expect(await toldOf(userId)).toHaveLength(1);
  });

  it('goes on after Composio failed in between, and tells only then', async () => {
    const userId = aUser();
    const { id, accountId } = await connect(app, userId);
    await sandboxControl.post('faults', {
      match: { method: 'DELETE', path: String(accountId) },
      effect: { reset: 'after' },
      times: 1,
    });
    await app.as(userId).delete(`/v1/connections/${id}`);
    await work();
    expect(await toldOf(userId)).toEqual([]);
    await now(userId);
    await work();
    expect(await toldOf(userId)).toHaveLength(1);
  });

  it('drops an attempt that never was active without telling anybody, and its session opens nothing any more', async () => {
    const userId = aUser();
    const { id, connectUrl } = await click(app, userId);
    const sessionUri = await consent(connectUrl);
    await app.as(userId).delete(`/v1/connections/${id}`);
    expect(await app.as(userId).post('/v1/connections/complete', { sessionUri })).toMatchObject({ status: 410 });
    await now(userId);
    await work();
    expect((await app.as(userId).get(`/v1/connections/${id}`)).body).toMatchObject({ status: 'removed' });
    expect(await toldOf(userId)).toEqual([]);
  });

  it('is done for everything of a deleted user, and only the tombstone is left', async () => {
    const userId = aUser();
    const slack = await connect(app, userId);
    const gmail = await connect(app, userId, 'gmail');
    await click(app, userId, 'github');
    const batch = await app.deliver(UserDeleted, { userId });
    await app.deliverAgain(batch);
    expect(await app.as(userId).post('/v1/connections', { app: 'slack' })).toMatchObject({ status: 403, body: { code: 'user_deleted' } });
    await work();
    expect((await toldOf(userId)).map(({ connectionId, by }) => [connectionId, by]).sort()).toEqual(
      [slack, gmail].map(({ id }) => [id, 'user.deleted']).sort(),
    );
    const deleted = await requests(
      ({ method, path }) => method === 'DELETE' && [slack, gmail].some(({ accountId }) => path.includes(String(accountId))),
    );
    expect(deleted).toHaveLength(2);
    for (const table of [Connection, Account, Redemption]) {
      expect(await asUsers(app.em, [userId], () => app.em.count<{ userId: string }>(table, { userId }))).toBe(0);
    }
  });
});

describe('what is another user’s', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterAll(() => app.close());

  it('is not found, as what never was', async () => {
    const { id } = await connect(app, aUser('ana'));
    const ben = app.as(aUser('ben'));
    const unknown = '00000000-0000-4000-8000-000000000000';
    for (const one of [id, unknown]) {
      for (const answer of [
        await ben.get(`/v1/connections/${one}`),
        await ben.delete(`/v1/connections/${one}`),
        await ben.post(`/v1/connections/${one}/check`),
        await ben.post(`/v1/connections/${one}/reconnect`),
      ]) {
        expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
      }
    }
    expect((await ben.get('/v1/connections')).body).toMatchObject({ data: [] });
    expect(await ben.post('/v1/gate', { userId: 'ana', apps: { required: ['slack'] } })).toMatchObject({ status: 403 });
    expect(await ben.get('/v1/connections/no-uuid')).toMatchObject({ status: 400 });
  });

  it('cannot be asked for by another app: only the gate is open to agent-runner', async () => {
    const ana = aUser('ana');
    const runner = app.from('agent-runner', { kind: 'user', id: ana });
    expect((await runner.post('/v1/gate', { apps: { optional: ['slack'] } })).body).toMatchObject({ verdict: 'degraded' });
    expect(await runner.get('/v1/connections')).toMatchObject({ status: 403 });
  });
});
