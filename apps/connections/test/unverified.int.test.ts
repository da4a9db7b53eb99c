import { ConnectionActivated, type ConnectionView } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { startApp, type TestApp } from '@gatehouse/testing';
import { aUser, click, consent } from './connecting.js';

process.env.CONNECT_VERIFIER = 'false';
process.env.CONNECT_UNVERIFIED = 'true';
const { AppModule } = await import('../src/app.module.js');
const { Account } = await import('../src/connections/account.entity.js');
const { PendingWorker } = await import('../src/connections/pending.worker.js');

describe('when a developer allows unverified connecting', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
  });
  afterAll(() => app.close());

  it('is activated by what Composio says, without anybody bringing a session', async () => {
    const userId = aUser();
    const { id, connectUrl } = await click(app, userId);
    expect(await consent(connectUrl)).toBe('');
    await asUsers(app.em, [userId], () => app.em.nativeUpdate(Account, { userId }, { workAt: new Date(0) }));
    await app.app.get(PendingWorker).tick();
    expect((await app.as(userId).get(`/v1/connections/${id}`)).body as ConnectionView).toMatchObject({ status: 'active' });
    expect(await app.told(ConnectionActivated)).toMatchObject([{ connectionId: id, reconnected: false }]);
  });
});
