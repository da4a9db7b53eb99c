import { ConnectSessionGone, IdentityMismatch, InvalidRequest, NotFound } from '../../src/errors.js';
import { emulator } from './emulator.js';
import { interactive, type Suite } from './suite.js';

const returnTo = new URL('http://localhost:3000/connect/return?attempt=1');

export function connecting(suite: Suite): void {
  describe('connecting', () => {
    beforeAll(() => emulator.control('PUT', 'project', { verifierUrl: 'http://localhost:3000/connect/verify' }));

    async function comeBack(owner = suite.someone()) {
      const started = await suite.port.startConnection({ owner, app: 'slack', returnTo }, interactive);
      const back = await emulator.decide(started.redirectUrl);
      return { owner, started, sessionUri: back.searchParams.get('session_uri') ?? '' };
    }

    it('starts an attempt of this owner and this app, which lives ten minutes and is not active', async () => {
      const owner = suite.someone();
      const started = await suite.port.startConnection({ owner, app: 'slack', returnTo }, interactive);
      const account = await suite.port.getAccount({ id: started.accountId, owner }, interactive);
      expect(account).toMatchObject({ owner, app: 'slack', neverFinished: false });
      expect(['INITIALIZING', 'INITIATED']).toContain(account.status);
      expect(started.via).toBe(suite.port.supports.hostedLink ? 'link' : 'initiate');
      expect(Math.abs(started.expiresAt.getTime() - Date.now() - 600_000)).toBeLessThan(10_000);
    });

    it('is complete when the one who left comes back, once', async () => {
      const { owner, started, sessionUri } = await comeBack();
      const completed = await suite.port.completeConnection({ sessionUri, signedIn: owner }, interactive);
      expect(completed.app).toBe('slack');
      const account = await suite.port.getAccount({ id: completed.accountId, owner }, interactive);
      expect(account.status).toBe('ACTIVE');
      const same = suite.driver === 'core' ? account.id : started.accountId;
      expect([completed.accountId, ...account.otherIds, account.id]).toContain(same);
      await expect(suite.port.completeConnection({ sessionUri, signedIn: owner }, interactive)).rejects.toThrow(ConnectSessionGone);
    });

    it('is refused to another person who comes back, and the attempt is dead', async () => {
      const { owner, started, sessionUri } = await comeBack();
      await expect(suite.port.completeConnection({ sessionUri, signedIn: suite.someone() }, interactive)).rejects.toThrow(IdentityMismatch);
      expect((await suite.port.getAccount({ id: started.accountId, owner }, interactive)).status).toBe('FAILED');
    });

    it('is never started twice, whatever the first answer was', async () => {
      await emulator.fault({ method: 'POST' }, { status: 503 });
      const owner = suite.someone();
      const requests = await emulator.requestsOf(() =>
        expect(suite.port.startConnection({ owner, app: 'slack', returnTo }, interactive)).rejects.toMatchObject({
          executed: 'unknown',
          status: 503,
        }),
      );
      expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    });

    it('is completed by one request, whatever its answer was', async () => {
      const { owner, sessionUri } = await comeBack();
      await emulator.fault({ path: 'complete_auth' }, { reset: 'after' });
      const requests = await emulator.requestsOf(() =>
        expect(suite.port.completeConnection({ sessionUri, signedIn: owner }, interactive)).rejects.toMatchObject({ executed: 'unknown' }),
      );
      expect(requests.filter(({ path }) => path.endsWith('complete_auth'))).toHaveLength(1);
    });

    it('refuses an app that is not set up and a session that is none, without starting anything', async () => {
      const owner = suite.someone();
      await expect(suite.port.startConnection({ owner, app: 'nothing', returnTo }, interactive)).rejects.toThrow(NotFound);
      await expect(suite.port.completeConnection({ sessionUri: 'x'.repeat(513), signedIn: owner }, interactive)).rejects.toThrow(
        InvalidRequest,
      );
      await expect(suite.port.completeConnection({ sessionUri: 'session_none', signedIn: owner }, interactive)).rejects.toThrow(
        ConnectSessionGone,
      );
    });
  });
}
