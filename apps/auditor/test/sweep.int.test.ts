import { ConnectionActivated, ConnectionExpired, ConnectionRemoved } from '@gatehouse/contracts';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { again, sweep, watched } from './watching.js';

describe('when the sweep runs', () => {
  let auditor: TestApp;
  beforeAll(async () => {
    auditor = await startApp(AppModule);
  });
  afterAll(() => auditor.close());

  it('tells of a broken connection once, however often it sweeps, and of no other', async () => {
    const [broken, fine] = await watched(auditor, 2);
    await sandboxControl.post('/_emulator/break', { owner: broken?.userId, app: 'slack', status: 'EXPIRED', webhook: false });
    for (let i = 0; i < 3; i++) {
      await sweep(auditor);
      await again(auditor);
    }
    const told = (await auditor.told(ConnectionExpired)).filter(({ userId }) => userId === broken?.userId || userId === fine?.userId);
    expect(told).toMatchObject([{ connectionId: broken?.connectionId, epoch: 1, status: 'EXPIRED', detectedBy: 'sweep' }]);
  });

  it('is silent about an account that never was active', async () => {
    const [one] = await watched(auditor, 1);
    const abandoned = `usr_abandoned_${Date.now()}`;
    await sandboxControl.post('/_emulator/seed', { accounts: [{ owner: abandoned, app: 'slack', status: 'EXPIRED' }] });
    await sweep(auditor);
    await again(auditor);
    const told = await auditor.told(ConnectionExpired);
    expect(told.filter(({ userId }) => userId === abandoned || userId === one?.userId)).toEqual([]);
  });

  it('is silent about a superseded account, and raises the epoch from the greatest one seen', async () => {
    const [one] = await watched(auditor, 1);
    if (!one) throw new Error('nobody is watched');
    const other = await watched(auditor, 1);
    const newer = other[0]?.accountId ?? '';
    await auditor.deliver(ConnectionActivated, { ...one, accountId: newer, epoch: 4, reconnected: true });
    await sandboxControl.post('/_emulator/break', { owner: one.userId, app: 'slack', status: 'EXPIRED', webhook: false });
    await sweep(auditor);
    await again(auditor);
    expect((await auditor.told(ConnectionExpired)).filter(({ connectionId }) => connectionId === one.connectionId)).toEqual([]);
  });

  it('does not watch a removed connection, even if its activation comes late', async () => {
    const [one] = await watched(auditor, 1);
    if (!one) throw new Error('nobody is watched');
    await auditor.deliver(ConnectionRemoved, {
      connectionId: one.connectionId,
      userId: one.userId,
      app: one.app,
      accountId: one.accountId,
      by: 'user',
    });
    await auditor.deliver(ConnectionActivated, { ...one, epoch: 0, reconnected: false });
    await sandboxControl.post('/_emulator/break', { owner: one.userId, app: 'slack', status: 'REVOKED', webhook: false });
    await sweep(auditor);
    await again(auditor);
    expect((await auditor.told(ConnectionExpired)).filter(({ connectionId }) => connectionId === one.connectionId)).toEqual([]);
  });

  it('holds the breaks of an app beyond the blast radius until an operator releases them', async () => {
    const many = await watched(auditor, 21, 'github');
    for (const { userId } of many)
      await sandboxControl.post('/_emulator/break', { owner: userId, app: 'github', status: 'EXPIRED', webhook: false });
    await sweep(auditor);
    expect((await auditor.told(ConnectionExpired)).filter(({ app }) => app === 'github')).toEqual([]);
    const operator = auditor.as({ kind: 'operator', id: 'op', roles: ['operator'] });
    expect((await operator.get('/admin/held')).body).toMatchObject({ data: [{ app: 'github', held: 21 }] });
    expect((await auditor.as('somebody').get('/admin/held')).status).toBe(403);
    expect((await operator.post('/admin/held/github/release', { reason: 'checked with the provider' })).body).toMatchObject({
      settled: 21,
    });
    await sweep(auditor);
    expect((await auditor.told(ConnectionExpired)).filter(({ app }) => app === 'github')).toHaveLength(21);
  });
});
