import type { ConnectionView } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { Account } from '../src/connections/account.entity.js';
import { LabelsWorker } from '../src/connections/labels.worker.js';
import { aUser, connect, consent, requests, verify } from './connecting.js';

const PROFILE = '/GMAIL_GET_PROFILE';

describe('whose account it is', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterEach(async () => {
    await sandboxControl.delete('faults');
    await sandboxControl.put('project', { reconnect: 'new' });
  });
  afterAll(() => app.close());

  const label = async (userId: string, id: string) =>
    ((await app.as(userId).get(`/v1/connections/${id}`)).body as ConnectionView).accountLabel;
  const work = () => app.app.get(LabelsWorker).tick();
  const owed = (userId: string) =>
    asUsers(app.em, [userId], () => app.em.count(Account, { userId, state: 'active', workAt: { $ne: null } }));
  const soon = (userId: string) =>
    asUsers(app.em, [userId], () => app.em.nativeUpdate(Account, { userId, state: 'active' }, { workAt: new Date(0) }));

  it('is read after it became active, once, and shown', async () => {
    const userId = aUser();
    const { id, accountLabel } = await connect(app, userId, 'gmail');
    expect(accountLabel).toBeNull();
    await work();
    expect(await label(userId, id)).toBe('work@example.com');
    expect(await owed(userId)).toBe(0);
    await work();
    expect(await requests(({ path, accountOwner }) => path.includes(PROFILE) && accountOwner === userId)).toHaveLength(1);
  });

  it('blocks nothing: while it cannot be read the connection works, and it is read when that is possible again', async () => {
    const userId = aUser();
    await sandboxControl.post('faults', { match: { path: PROFILE }, effect: { status: 503, body: {} }, times: 1 });
    const { id } = await connect(app, userId, 'gmail');
    await work();
    expect((await app.as(userId).get(`/v1/connections/${id}`)).body).toMatchObject({ status: 'active', accountLabel: null });
    expect(await owed(userId)).toBe(1);
    await soon(userId);
    await work();
    expect(await label(userId, id)).toBe('work@example.com');
  });

  it('stays open where the provider refuses to say, and is asked for again at a check', async () => {
    const userId = aUser();
    await sandboxControl.post('faults', {
      match: { path: PROFILE },
      effect: { status: 403, body: { error: { message: 'no' } } },
      times: 1,
    });
    const { id } = await connect(app, userId, 'gmail');
    await work();
    expect([await label(userId, id), await owed(userId)]).toEqual([null, 0]);
    await app.as(userId).post(`/v1/connections/${id}/check`);
    await work();
    expect(await label(userId, id)).toBe('work@example.com');
  });

  it('is not that of the person before when the same account comes back with another', async () => {
    await sandboxControl.put('project', { reconnect: 'revive' });
    const userId = aUser();
    const before = await connect(app, userId, 'gmail');
    await work();
    await sandboxControl.post('break', { owner: userId, app: 'gmail', status: 'EXPIRED', webhook: false });
    const { body } = await app.as(userId).post(`/v1/connections/${before.id}/reconnect`);
    const after = await app.as(userId).post('/v1/connections/complete', {
      sessionUri: await consent(body.connectUrl, 'allow', 'home@example.com'),
    });
    expect(after.body).toMatchObject({ accountId: before.accountId, accountLabel: null });
    await work();
    expect(await label(userId, before.id)).toBe('home@example.com');
  });
});
