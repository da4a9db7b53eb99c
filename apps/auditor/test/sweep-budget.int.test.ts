import { ConnectionExpired, ConnectionSuspected } from '@gatehouse/contracts';
import { sandboxControl, startApp } from '@gatehouse/testing';

process.env.COMPOSIO_SWEEP_CALLS_PER_MINUTE = '1'; // before any module of the app reads it
const { AppModule } = await import('../src/app.module.js');
const { sweep, watched } = await import('./watching.js');

describe('when the budget of the sweep is used up', () => {
  it('no page is asked for until there is more, and a suspicion is settled meanwhile', async () => {
    const auditor = await startApp(AppModule);
    try {
      const [one] = await watched(auditor, 1);
      if (!one) throw new Error('nobody is watched');
      await sweep(auditor);
      await sweep(auditor);
      const { count } = await sandboxControl.get<{ count: number }>('/_emulator/requests');
      expect(count).toBe(1);
      await sandboxControl.post('/_emulator/break', { owner: one.userId, app: 'slack', status: 'REVOKED', webhook: false });
      await auditor.deliver(ConnectionSuspected, { ...one, epoch: 0, evidence: 'invalid_auth' });
      await sweep(auditor);
      expect(await auditor.told(ConnectionExpired)).toMatchObject([{ connectionId: one.connectionId, detectedBy: 'run' }]);
    } finally {
      await auditor.close();
    }
  });
});
