import { ConnectionActivated, ConnectionExpired, type ConnectionView } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { Account } from '../src/connections/account.entity.js';
import { RemovalsWorker } from '../src/removals/removals.worker.js';
import { aUser, connect, consent, requests, verify } from './connecting.js';

describe('when a connection expires', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterAll(() => app.close());

  const expired = ({ id, accountId }: ConnectionView, userId: string, epoch: number) => ({
    ...{ connectionId: id, userId, app: 'slack', accountId: accountId ?? '', epoch, status: 'EXPIRED' as const },
    ...{ reason: 'the grant was lost', detectedBy: 'sweep' as const, detectedAt: new Date().toISOString() },
  });
  const stateOf = async (userId: string, id: string) => (await app.as(userId).get(`/v1/connections/${id}`)).body as ConnectionView;
  const gate = async (userId: string) => (await app.as(userId).post('/v1/gate', { apps: { required: ['slack'] } })).body;
  const again = async (userId: string, id: string) => {
    const { body } = await app.as(userId).post(`/v1/connections/${id}/reconnect`);
    const sessionUri = await consent((body as { connectUrl: string }).connectUrl);
    return (await app.as(userId).post('/v1/connections/complete', { sessionUri })).body as ConnectionView;
  };

  it('is broken, refused at the gate with the words for it, and repaired under the same id by a new account', async () => {
    const userId = aUser();
    const before = await connect(app, userId);
    expect(await gate(userId)).toMatchObject({ verdict: 'ready', accounts: [{ accountId: before.accountId, owner: userId, epoch: 0 }] });
    const batch = await app.deliver(ConnectionExpired, expired(before, userId, 1));
    await app.deliverAgain(batch);
    expect(await stateOf(userId, before.id)).toMatchObject({ status: 'broken', epoch: 1, providerStatus: 'EXPIRED' });
    expect(await gate(userId)).toMatchObject({
      verdict: 'blocked',
      accounts: [],
      blockers: [{ state: 'broken', message: 'Your Slack connection has expired. Please reconnect in Settings > Integrations.' }],
    });

    const after = await again(userId, before.id);
    expect(after).toMatchObject({ id: before.id, status: 'active', epoch: 1 });
    expect(after.accountId).not.toBe(before.accountId);
    const told = (await app.told(ConnectionActivated)).filter((one) => one.userId === userId);
    expect(told.at(-1)).toMatchObject({ connectionId: before.id, accountId: after.accountId, epoch: 1, reconnected: true });

    // Late news of the account before, and of an epoch that is over, break nothing.
    await app.deliver(ConnectionExpired, expired(before, userId, 2));
    expect(await stateOf(userId, before.id)).toMatchObject({ status: 'active', epoch: 2 });
    await app.deliver(ConnectionExpired, expired(after, userId, 2));
    expect(await stateOf(userId, before.id)).toMatchObject({ status: 'active' });
    await app.deliver(ConnectionExpired, expired(after, userId, 3));
    expect(await stateOf(userId, before.id)).toMatchObject({ status: 'broken', epoch: 3 });
  });

  it('deletes the account before at Composio and does not revoke it', async () => {
    const userId = aUser();
    const before = await connect(app, userId);
    const after = await again(userId, before.id);
    await app.app.get(RemovalsWorker).tick();
    const about = await requests(({ path }) => path.includes(String(before.accountId)));
    expect(about.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
    expect(about.filter(({ path }) => path.endsWith('/revoke'))).toEqual([]);
    expect(await stateOf(userId, before.id)).toMatchObject({ status: 'active', accountId: after.accountId });
  });

  it('survives a reconnect that Composio answers with the old account', async () => {
    await sandboxControl.put('project', { reconnect: 'revive' });
    const userId = aUser();
    const before = await connect(app, userId);
    await sandboxControl.post('break', { owner: userId, app: 'slack', status: 'EXPIRED', webhook: false });
    const after = await again(userId, before.id);
    await app.app.get(RemovalsWorker).tick();
    expect(after).toMatchObject({ status: 'active', accountId: before.accountId });
    expect(await requests(({ method, path }) => method === 'DELETE' && path.includes(String(before.accountId)))).toEqual([]);
    const rows = await asUsers(app.em, [userId], () => app.em.find(Account, { userId, state: 'active' }));
    expect(rows).toHaveLength(1);
    await sandboxControl.put('project', { reconnect: 'new' });
  });

  it('leaves the state alone until the new account is active, and a check cannot break, only doubt', async () => {
    const userId = aUser();
    const before = await connect(app, userId);
    await app.as(userId).post(`/v1/connections/${before.id}/reconnect`);
    expect(await stateOf(userId, before.id)).toMatchObject({ status: 'active', accountId: before.accountId });
    await sandboxControl.post('break', { owner: userId, app: 'slack', status: 'EXPIRED', webhook: false });
    expect((await app.as(userId).post(`/v1/connections/${before.id}/check`)).body).toMatchObject({ status: 'unknown', epoch: 0 });
    expect(await gate(userId)).toMatchObject({ verdict: 'blocked' });
    await sandboxControl.patch(`accounts/${before.accountId}`, { status: 'ACTIVE' });
    expect((await app.as(userId).post(`/v1/connections/${before.id}/check`)).body).toMatchObject({ status: 'active' });
  });
});
