import { Composio } from '@composio/core';
import { type Sandbox, startSandbox } from './sandbox.js';

// The SDKs as published, with nothing of ours between: what they accept is what real answers look like.
process.env.TELEMETRY_DISABLED = 'true';
process.env.COMPOSIO_LOGGING_LEVEL = 'silent';
const { Composio: LegacyComposio } = await import('composio-core');

// Every construction would ask a registry for the newest version; there is no switch.
class QuietLegacyComposio extends LegacyComposio {}
Object.defineProperty(QuietLegacyComposio.prototype, 'checkForLatestVersionFromNPM', { value: async () => undefined });

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

describe('when the current SDK is used', () => {
  it('connects, executes, lists, and sees an account break', async () => {
    const project = sandbox.project('sdk-core');
    const composio = new Composio({ apiKey: project.key, baseURL: sandbox.url, allowTracking: false, disableVersionCheck: true });

    const configs = await composio.authConfigs.list({ toolkit: 'slack' });
    expect(configs.items.map(({ id }) => id)).toEqual(['ac_slack']);
    const started = await composio.connectedAccounts.link('ana', 'ac_slack', { callbackUrl: 'http://localhost:3000/back' });
    expect(started.redirectUrl).toContain('/link/lk_');
    await sandbox.ask('POST', `${new URL(started.redirectUrl ?? '').pathname}/decide`, { body: { decision: 'allow' } });
    expect(await composio.connectedAccounts.get(started.id)).toMatchObject({
      id: started.id,
      status: 'ACTIVE',
      toolkit: { slug: 'slack' },
    });

    const done = await composio.tools.execute('SLACK_SEND_MESSAGE', {
      userId: 'ana',
      connectedAccountId: started.id,
      version: '20260901_00',
      arguments: { channel: '#general', text: 'hello' },
    });
    expect(done).toMatchObject({ successful: true, error: null });
    expect((await project.control('GET', 'effects')).count).toBe(1);

    const listed = await composio.connectedAccounts.list({ userIds: ['ana'], statuses: ['ACTIVE'] });
    expect(listed.items.map(({ id }) => id)).toEqual([started.id]);
    await project.control('POST', 'break', { owner: 'ana', app: 'slack' });
    expect(await composio.connectedAccounts.get(started.id)).toMatchObject({
      status: 'EXPIRED',
      statusReason: 'OAuth refresh token expired',
    });
    expect(await composio.connectedAccounts.delete(started.id)).toMatchObject({ success: true });
    await expect(composio.connectedAccounts.get(started.id)).rejects.toThrow('not found');
  });

  it('reads apps and tools with all that its schemas want', async () => {
    const { key } = sandbox.project('sdk-core-2');
    const composio = new Composio({ apiKey: key, baseURL: sandbox.url, allowTracking: false, disableVersionCheck: true });
    const slugs = (await composio.toolkits.get({ limit: 50 })).map(({ slug }) => slug);
    expect(slugs.length).toBeGreaterThanOrEqual(12);
    expect(slugs).toEqual(expect.arrayContaining(['slack', 'gmail', 'github', 'notion']));
    expect(await composio.toolkits.get('slack')).toMatchObject({ slug: 'slack', name: 'Slack' });
    const tools = await composio.tools.getRawComposioTools({ tools: ['GMAIL_SEND_EMAIL', 'GITHUB_DELETE_A_REPOSITORY'] });
    expect(tools.map(({ slug, tags }) => [slug, tags?.includes('destructiveHint')])).toEqual([
      ['GMAIL_SEND_EMAIL', false],
      ['GITHUB_DELETE_A_REPOSITORY', true],
    ]);
  });

  it('raw calls of what it has no method for work, too', async () => {
    const project = sandbox.project('sdk-core-3');
    const composio = new Composio({ apiKey: project.key, baseURL: sandbox.url, allowTracking: false, disableVersionCheck: true });
    await project.control('PUT', 'project', { verifierUrl: 'http://localhost:3000/connect/verify' });
    const { id, to } = await project.connect('ana');
    const client = composio.getClient();
    const body = { session_uri: to.searchParams.get('session_uri'), user_id: 'ana' };
    expect(await client.post('/api/v3.1/connected_accounts/complete_auth', { body })).toEqual({
      connected_account_id: id,
      toolkit_slug: 'slack',
    });
    expect(await client.post(`/api/v3.1/connected_accounts/${id}/revoke`, {})).toEqual({
      revoked_tokens: ['access_token', 'refresh_token'],
      connected_account: { id, status: 'REVOKED' },
    });
  });
});

describe('when the old SDK is used', () => {
  it('connects, executes, lists, and sees an account break', async () => {
    const project = sandbox.project('sdk-legacy');
    const composio = new QuietLegacyComposio({ apiKey: project.key, baseUrl: sandbox.url, allowTracing: false });

    const [integration] = (await composio.integrations.list({ appName: 'slack' })).items;
    const started = await composio.connectedAccounts.initiate({
      entityId: 'ana',
      appName: 'slack',
      integrationId: integration?.id ?? '',
      redirectUri: 'http://localhost:3000/back',
    });
    const { location } = await sandbox.ask('GET', new URL(started.redirectUrl ?? '').pathname);
    const { location: back } = await sandbox.ask('POST', `${location}/decide`, { body: { decision: 'allow' } });
    expect(new URL(back ?? '').searchParams.get('connectedAccountId')).toBe(started.connectedAccountId);
    expect(await composio.connectedAccounts.get({ connectedAccountId: started.connectedAccountId })).toMatchObject({
      status: 'ACTIVE',
      clientUniqueUserId: 'ana',
      appName: 'slack',
    });

    const requestBody = { connectedAccountId: started.connectedAccountId, appName: 'slack', input: { channel: '#general', text: 'hello' } };
    const done = await composio.actions.execute({ actionName: 'SLACK_SEND_MESSAGE', requestBody });
    expect(done).toMatchObject({ successful: true, data: { ok: true } });
    expect((await project.control('GET', 'effects?owner=ana')).count).toBe(1);

    const { items } = await composio.connectedAccounts.list({ user_uuid: 'ana' });
    expect(items.map(({ id }) => id)).toEqual([started.connectedAccountId]);
    await project.control('POST', 'break', { owner: 'ana', app: 'slack' });
    expect((await composio.connectedAccounts.get({ connectedAccountId: started.connectedAccountId })).status).toBe('EXPIRED');
    await composio.connectedAccounts.delete({ connectedAccountId: started.connectedAccountId });
    expect((await composio.connectedAccounts.list({ user_uuid: 'ana' })).items).toEqual([]);
  });

  it('reads apps and actions with all that its schemas want', async () => {
    const { key } = sandbox.project('sdk-legacy-2');
    const composio = new QuietLegacyComposio({ apiKey: key, baseUrl: sandbox.url, allowTracing: false });
    expect((await composio.apps.list()).map(({ key: app }) => app)).toEqual(
      expect.arrayContaining(['slack', 'gmail', 'github', 'notion', 'hubspot']),
    );
    const { items } = await composio.actions.list({ actions: 'GITHUB_CREATE_AN_ISSUE' });
    expect(items.map(({ name }) => name)).toEqual(['GITHUB_CREATE_AN_ISSUE']);
    expect(await composio.actions.get({ actionName: 'SLACK_SEND_MESSAGE' })).toMatchObject({ appKey: 'slack' });
  });
});
