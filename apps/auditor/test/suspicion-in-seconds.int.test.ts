import { ConnectionExpired, ConnectionSuspected } from '@gatehouse/contracts';
import { eventually, sandboxControl, startApp } from '@gatehouse/testing';

process.env.SCHEDULE = 'on'; // before any module of the app reads it: here the clock moves the workers
const { AppModule } = await import('../src/app.module.js');
const { watched } = await import('./watching.js');

describe('when a tool call was refused for its credentials', () => {
  it('the broken connection is told of within five seconds, long before the next sweep', async () => {
    const auditor = await startApp(AppModule);
    try {
      const [swept, one] = await watched(auditor, 2);
      if (!swept || !one) throw new Error('two are watched');
      const status = 'REVOKED';
      await sandboxControl.post('/_emulator/break', { owner: swept.userId, app: 'slack', status, webhook: false });
      await eventually(async () =>
        expect(await auditor.told(ConnectionExpired)).toMatchObject([{ userId: swept.userId, detectedBy: 'sweep' }]),
      );
      await sandboxControl.post('/_emulator/break', { owner: one.userId, app: 'slack', status, webhook: false });
      await auditor.deliver(ConnectionSuspected, { ...one, epoch: 0, evidence: 'invalid_auth' });
      const told = () => auditor.told(ConnectionExpired);
      await eventually(async () => expect((await told())[1]).toMatchObject({ userId: one.userId, detectedBy: 'run' }), { timeoutMs: 5000 });
    } finally {
      await auditor.close();
    }
  });
});
