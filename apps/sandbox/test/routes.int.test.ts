import { type Sandbox, startSandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const posted = { channel: '#general', text: 'hello' };

describe('when a session of the tool router is used', () => {
  const session = (project: ReturnType<Sandbox['project']>, body: object) => project.ask('POST', '/api/v3.1/tool_router/session', body);

  it('it executes with the account of its own user, and says when there is none', async () => {
    const project = sandbox.project('router-1');
    const { body } = await session(project, { user_id: 'ana', toolkits: { enable: ['slack'] } });
    expect(body).toMatchObject({ session_id: expect.stringMatching(/^trs_/), mcp: { type: 'http' }, config: { user_id: 'ana' } });
    const path = `/api/v3.1/tool_router/session/${body.session_id}`;
    const wish = { tool_slug: 'SLACK_SEND_MESSAGE', arguments: posted };
    expect(await project.ask('POST', `${path}/execute`, wish)).toMatchObject({ status: 400, body: { error: { code: 4302 } } });
    const link = (await project.ask('POST', `${path}/link`, { toolkit: 'slack' })).body;
    await sandbox.ask('POST', `/link/${link.link_token}/decide`, { body: { decision: 'allow' } });
    expect((await project.ask('POST', `${path}/execute`, wish)).body).toMatchObject({ error: null, data: { ok: true } });
    expect((await project.control('GET', 'effects')).items).toMatchObject([{ owner: 'ana', account: link.connected_account_id }]);
    const tools = (await project.ask('GET', `${path}/tools`)).body.items;
    expect(tools.map(({ toolkit }: { toolkit: { slug: string } }) => toolkit.slug)).toEqual(expect.arrayContaining(['slack']));
    expect((await project.ask('GET', `${path}/toolkits`)).body.items).toMatchObject([
      { slug: 'slack', connected_account: { status: 'ACTIVE' } },
    ]);
    expect((await project.ask('GET', path)).body.session_id).toBe(body.session_id);
  });

  it("one that pins another's account fails whole", async () => {
    const project = sandbox.project('router-2');
    const { id } = await project.connect('ben');
    expect(await session(project, { user_id: 'ana', connected_accounts: { slack: id } })).toMatchObject({
      status: 400,
      body: { error: { code: 4306 } },
    });
  });
});

describe('when the old API is used beyond what our driver needs', () => {
  it('integrations are made and removed, and an account is switched off, on, and started again', async () => {
    const project = sandbox.project('old-1');
    const made = { app: { uniqueKey: 'linear' }, config: { name: 'ours', useComposioAuth: false } };
    const { integrationId } = (await project.ask('POST', '/api/v2/integrations/create', made)).body;
    expect((await project.ask('GET', `/api/v1/integrations/${integrationId}`)).body).toMatchObject({ appName: 'linear' });
    expect((await project.ask('DELETE', `/api/v1/integrations/${integrationId}`)).body).toEqual({ success: true });
    expect((await project.ask('GET', `/api/v1/integrations/${integrationId}`)).status).toBe(404);

    const { id } = await project.connect('ana');
    const account = `/api/v1/connectedAccounts/${id}`;
    await project.ask('POST', `${account}/disable`);
    expect((await project.ask('GET', account)).body).toMatchObject({ status: 'ACTIVE', isDisabled: true });
    await project.ask('POST', `${account}/enable`);
    expect((await project.ask('GET', account)).body).toMatchObject({ isDisabled: false });
    const again = (await project.ask('POST', `${account}/reinitiate`, {})).body;
    expect(again).toMatchObject({ connectionStatus: expect.stringMatching(/^INIT/), redirectUrl: expect.stringContaining('/redirect/') });
    expect((await project.ask('POST', `${account}/explode`)).status).toBe(404);
  });

  it('actions are found by tag and by words', async () => {
    const { ask } = sandbox.project('old-2');
    const names = async (query: string) =>
      (await ask('GET', `/api/v2/actions?${query}`)).body.items.map(({ name }: { name: string }) => name);
    expect(await names('apps=github&tags=destructiveHint')).toEqual(['GITHUB_DELETE_A_REPOSITORY']);
    expect(await names('useCase=trash%20email')).toEqual(['GMAIL_MOVE_TO_TRASH']);
  });
});

describe('when a key of connections executes', () => {
  it('it may read who is signed in, and nothing else', async () => {
    const project = sandbox.project('scope-1');
    const { id } = await project.connect('ana', 'allow', 'ac_gmail');
    const key = { 'x-api-key': `${project.key}_connections` };
    const run = (tool: string) =>
      project.ask('POST', `/api/v3.1/tools/execute/${tool}`, { user_id: 'ana', connected_account_id: id, arguments: {} }, key);
    expect(await run('GMAIL_GET_PROFILE')).toMatchObject({ status: 200, body: { data: { emailAddress: 'work@example.com' } } });
    for (const tool of ['GMAIL_FETCH_EMAILS', 'GMAIL_SEND_EMAIL', 'NOTHING']) expect((await run(tool)).status).toBe(401);
  });
});

describe('when somebody listens', () => {
  it('requests, effects and changes of accounts are told as they happen, of this project only', async () => {
    const project = sandbox.project('live-1');
    const listening = new AbortController();
    const stream = await fetch(`${sandbox.url}/_emulator/events?project=live-1`, { signal: listening.signal });
    const { id } = await project.connect('ana');
    await sandbox.project('live-2').connect('ben');
    await project.ask('POST', '/api/v3.1/tools/execute/SLACK_SEND_MESSAGE', {
      user_id: 'ana',
      connected_account_id: id,
      arguments: posted,
    });
    let told = '';
    for await (const part of stream.body ?? []) {
      told += Buffer.from(part).toString();
      if (told.includes('/tools/execute/SLACK_SEND_MESSAGE')) break;
    }
    listening.abort();
    expect(told).toContain('event: effect');
    expect(told).toMatch(/event: account[\s\S]*"status":"ACTIVE"/);
    expect(told).not.toContain('ben');
  });
});
