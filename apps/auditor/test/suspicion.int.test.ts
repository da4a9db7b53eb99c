import { createHmac, randomUUID } from 'node:crypto';
import { ConnectionExpired, ConnectionSuspected } from '@gatehouse/contracts';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { BreaksWorker } from '../src/breaks.worker.js';
import { watched } from './watching.js';

describe('when an account is suspected', () => {
  let auditor: TestApp;
  beforeAll(async () => {
    auditor = await startApp(AppModule, { rawBody: true });
  });
  afterAll(() => auditor.close());

  const recheck = () => auditor.app.get(BreaksWorker).tick();
  const toldOf = async (connectionId = '') => (await auditor.told(ConnectionExpired)).filter((told) => told.connectionId === connectionId);

  it('is read again, and breaks if Composio says so', async () => {
    const [one] = await watched(auditor, 1);
    if (!one) throw new Error('nobody is watched');
    await sandboxControl.post('/_emulator/break', { owner: one.userId, app: 'slack', status: 'REVOKED', webhook: false });
    const suspicion = await auditor.deliver(ConnectionSuspected, {
      connectionId: one.connectionId,
      userId: one.userId,
      accountId: one.accountId,
      epoch: 0,
      evidence: 'invalid_auth',
    });
    await recheck();
    await auditor.deliverAgain(suspicion);
    await recheck();
    expect(await toldOf(one.connectionId)).toMatchObject([{ status: 'REVOKED', detectedBy: 'run', epoch: 1 }]);
  });

  it('stays as it is if Composio says it is active', async () => {
    const [one] = await watched(auditor, 1);
    if (!one) throw new Error('nobody is watched');
    await auditor.deliver(ConnectionSuspected, {
      connectionId: one.connectionId,
      userId: one.userId,
      accountId: one.accountId,
      epoch: 0,
      evidence: 'x',
    });
    await recheck();
    expect(await toldOf(one.connectionId)).toEqual([]);
  });

  it('takes a signed webhook once, and refuses any other', async () => {
    const [one] = await watched(auditor, 1);
    if (!one) throw new Error('nobody is watched');
    await sandboxControl.post('/_emulator/break', { owner: one.userId, app: 'slack', status: 'EXPIRED', webhook: false });
    const body = JSON.stringify({
      id: 'msg',
      type: 'composio.connected_account.expired',
      timestamp: new Date().toISOString(),
      metadata: {},
      data: { id: one.accountId, status: 'EXPIRED' },
    });
    const send = (secret: string, id: string, at = Math.floor(Date.now() / 1000)) =>
      auditor.as({ kind: 'none' }).post('/webhooks/composio', body, {
        'webhook-id': id,
        'webhook-timestamp': String(at),
        'webhook-signature': `v1,${createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64')}`,
      });
    const id = randomUUID();
    expect((await send('wrong', id)).status).toBe(401);
    expect((await send('test-webhook-secret', id, Math.floor(Date.now() / 1000) - 600)).status).toBe(401);
    await recheck();
    expect(await toldOf(one.connectionId)).toEqual([]);
    for (let i = 0; i < 3; i++) expect((await send('test-webhook-secret', id)).status).toBe(200);
    await recheck();
    expect(await toldOf(one.connectionId)).toMatchObject([{ detectedBy: 'webhook' }]);
  });
});
