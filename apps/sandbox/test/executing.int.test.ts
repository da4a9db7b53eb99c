import { type Sandbox, startSandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const posted = { channel: '#general', text: 'hello' };
const execute = (
  project: ReturnType<Sandbox['project']>,
  account: string,
  more: Record<string, unknown> = {},
  tool = 'SLACK_SEND_MESSAGE',
) =>
  project.ask(
    'POST',
    `/api/v3.1/tools/execute/${tool}`,
    { user_id: 'ana', connected_account_id: account, arguments: posted, version: '20260901_00', ...more },
    { 'x-gatehouse-call-id': 'call-1' },
  );

describe('when a tool is executed', () => {
  it('the write happens once, with whose account and which call', async () => {
    const project = sandbox.project('exec-1');
    const { id } = await project.connect('ana');
    const { status, body } = await execute(project, id);
    expect({ status, body }).toMatchObject({ status: 200, body: { successful: true, error: null, data: { ok: true } } });
    const { items, count } = await project.control('GET', 'effects?callId=call-1');
    expect(count).toBe(1);
    expect(items[0]).toMatchObject({
      owner: 'ana',
      account: id,
      app: 'slack',
      tool: 'SLACK_SEND_MESSAGE',
      arguments: posted,
      logId: body.log_id,
    });
  });

  it('nothing happens, and the refusal is the documented one, when a check fails', async () => {
    const project = sandbox.project('exec-2');
    const { id } = await project.connect('ana');
    const gmail = await project.connect('ana', 'allow', 'ac_gmail');
    const broken = await project.connect('ana');
    await project.control('PATCH', `accounts/${broken.id}`, { status: 'EXPIRED' });
    const inactive = await project.connect('ana');
    await project.control('PATCH', `accounts/${inactive.id}`, { isDisabled: true });

    const error = async (answer: ReturnType<typeof execute>) => {
      const { status, body } = await answer;
      return [status, body.error.code ?? null, body.error.slug ?? null];
    };
    expect(await error(execute(project, id, {}, 'SLACK_NO_SUCH_TOOL'))).toEqual([404, 2301, 'Tool_ToolNotFound']);
    expect((await execute(project, id, {}, 'SLACK_CHAT_POST_MESSAGE')).status).toBe(410);
    expect(await error(execute(project, 'ca_unknown'))).toEqual([404, 1810, 'ActionExecute_ConnectedAccountNotFound']);
    expect(await error(execute(project, id, { user_id: 'ben' }))).toEqual([400, 1812, 'ActionExecute_ConnectedAccountEntityIdMismatch']);
    expect((await execute(project, gmail.id)).status).toBe(400);
    expect(await error(execute(project, broken.id))).toEqual([410, 1820, 'ActionExecute_ConnectedAccountExpired']);
    expect((await execute(project, inactive.id)).status).toBe(422);
    expect((await execute(project, id, { arguments: { channel: '#general' } })).body).toMatchObject({
      successful: false,
      error: expect.stringContaining("Following fields are missing: {'text'}"),
    });
    expect((await project.control('GET', 'effects')).count).toBe(0);
  });

  it('credentials that the provider refuses are a 200 that did not succeed, and the account stays ACTIVE', async () => {
    const project = sandbox.project('exec-3');
    const { id } = await project.connect('ana');
    await project.control('PATCH', `accounts/${id}`, { providerHealth: 'refuse' });
    expect((await execute(project, id)).body).toMatchObject({ successful: false, error: 'invalid_auth' });
    expect((await project.ask('GET', `/api/v3.1/connected_accounts/${id}`)).body.status).toBe('ACTIVE');
  });

  it('reads hold a string that nobody else gets to see', async () => {
    const project = sandbox.project('exec-4');
    const ana = await project.connect('ana');
    const ben = await project.connect('ben');
    const read = async (user_id: string, account: string) =>
      JSON.stringify((await execute(project, account, { user_id, arguments: {} }, 'SLACK_LIST_CHANNELS')).body.data);
    const { items } = await project.control('GET', 'accounts?owner=ben');
    expect(await read('ben', ben.id)).toContain(items[0].canary);
    expect(await read('ana', ana.id)).not.toContain(items[0].canary);
  });

  it('a connection that breaks after the deed leaves the effect and no answer', async () => {
    const project = sandbox.project('exec-5');
    const { id } = await project.connect('ana');
    await project.control('POST', 'faults', { match: { tool: 'SLACK_SEND_MESSAGE' }, effect: { reset: 'after' }, times: 1 });
    await expect(execute(project, id)).rejects.toThrow('fetch failed');
    expect((await project.control('GET', 'effects')).count).toBe(1);
    expect((await project.control('GET', 'requests?tool=SLACK_SEND_MESSAGE')).items[0]).toMatchObject({
      status: null,
      fault: expect.any(String),
    });
    expect((await execute(project, id)).status).toBe(200);
  });

  it('a fault before the deed answers what it was told to, and nothing is done', async () => {
    const project = sandbox.project('exec-6');
    const { id } = await project.connect('ana');
    await project.control('POST', 'faults', {
      match: { owner: 'ana', path: '/tools/execute' },
      effect: { status: 503, body: { oh: 'no' } },
    });
    expect(await execute(project, id)).toMatchObject({ status: 503, body: { oh: 'no' } });
    expect((await project.control('GET', 'effects')).count).toBe(0);
  });

  it('the request log tells who was named and whose account it was', async () => {
    const project = sandbox.project('exec-7');
    const { id } = await project.connect('ana');
    await execute(project, id, { user_id: 'ben' });
    const { items } = await project.control('GET', 'requests?tool=SLACK_SEND_MESSAGE');
    expect(items).toMatchObject([{ userIdSent: 'ben', accountOwner: 'ana', status: 400, callId: 'call-1' }]);
  });

  it('the limit of a minute is told in headers, and ends with the minute', async () => {
    const project = sandbox.project('exec-8');
    await project.control('PUT', 'project', { rateLimit: { perMinute: 1 } });
    await project.control('POST', 'clock', { stop: true });
    expect((await project.ask('GET', '/api/v3.1/toolkits')).status).toBe(200);
    expect(await project.ask('GET', '/api/v3.1/toolkits')).toMatchObject({
      status: 429,
      body: { message: expect.stringContaining('Rate limit exceeded') },
    });
    await project.control('POST', 'clock', { advanceMs: 60_000 });
    expect((await project.ask('GET', '/api/v3.1/toolkits')).status).toBe(200);
  });
});
