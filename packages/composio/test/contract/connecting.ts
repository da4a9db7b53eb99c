import { ConnectSessionGone, IdentityMismatch, InvalidRequest, Misconfigured, NotFound } from '../../src/errors.js';
import { emulator } from './emulator.js';
import { everyPage } from './every-page.js';
import { interactive, itWhereSupported, type Suite } from './suite.js';

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

    it('names the auth config, so that none is guessed, and not an account', async () => {
      await emulator.control('PUT', 'project', { logBodies: true });
      const requests = await emulator
        .requestsOf(() => suite.port.startConnection({ owner: suite.someone(), app: 'slack', returnTo }, interactive))
        .finally(() => emulator.control('PUT', 'project', { logBodies: false }));
      const { body } = requests.find(({ method }) => method === 'POST') ?? {};
      expect(body?.auth_config_id ?? body?.app?.integrationId).toMatch(suite.driver === 'core' ? /^ac_slack$/ : /^[0-9a-f-]{36}$/);
      expect(JSON.stringify(body)).not.toMatch(/alias|"labels":\s*\[[^\]]/);
    });

    itWhereSupported(
      suite,
      'hostedLink',
      "starts the operator's own OAuth app where it is named, by a link where that is withdrawn",
      async () => {
        const custom = { type: 'use_custom_auth', authScheme: 'OAUTH2', name: 'ours' };
        const { auth_config } = await emulator.api('POST', '/api/v3.1/auth_configs', { toolkit: { slug: 'linear' }, auth_config: custom });
        const port = await suite.fresh({ COMPOSIO_AUTH_CONFIGS: `linear=${auth_config.id}` });
        const owner = suite.someone();
        expect(await port.startConnection({ owner, app: 'linear', returnTo }, interactive)).toMatchObject({ via: 'initiate' });
        const gone = { error: { message: 'no longer supported', code: 600, slug: 'ConnectedAccount_BadRequest', status: 400 } };
        await emulator.fault({ method: 'POST' }, { status: 400, body: gone }, { times: 1 });
        expect(await port.startConnection({ owner, app: 'linear', returnTo }, interactive)).toMatchObject({ via: 'link' });
        await expect(suite.port.startConnection({ owner, app: 'linear', returnTo }, interactive)).rejects.toThrow(Misconfigured); // two, none chosen
      },
    );

    it('offers no app that is connected by a typed key: nothing proves who typed it', async () => {
      await emulator.api('DELETE', '/api/v1/integrations/ac_hubspot');
      const key = { type: 'use_custom_auth', authScheme: 'API_KEY', name: 'key' };
      await emulator.api('POST', '/api/v3.1/auth_configs', { toolkit: { slug: 'hubspot' }, auth_config: key });
      const apps = await everyPage((cursor) => suite.port.listApps({ search: 'hubspot', ...cursor }, interactive));
      expect(apps).toMatchObject([{ app: 'hubspot', connectable: false, whyNot: expect.stringContaining('key') }]);
      await expect(suite.port.startConnection({ owner: suite.someone(), app: 'hubspot', returnTo }, interactive)).rejects.toThrow(
        Misconfigured,
      );
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
