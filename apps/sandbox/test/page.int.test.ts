import { type Sandbox, startSandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const press = (form: Record<string, string>, headers = {}) => sandbox.ask('POST', '/_emulator/page', { form, headers });

describe('when a person looks at the page', () => {
  it('breaks an account and heals it by the buttons', async () => {
    const project = sandbox.project('page-1');
    const { id } = await project.connect('ana');
    const status = async () => (await project.ask('GET', `/api/v3.1/connected_accounts/${id}`)).body.status;
    expect((await sandbox.ask('GET', '/?project=page-1')).body).toContain('Expire slack of ana');
    expect(await press({ project: 'page-1', account: id, deed: 'EXPIRED' })).toMatchObject({ status: 303, location: '/?project=page-1' });
    expect(await status()).toBe('EXPIRED');
    await press({ project: 'page-1', account: id, deed: 'heal' });
    expect(await status()).toBe('ACTIVE');
  });

  it('shows what was done, and nothing of it becomes markup', async () => {
    const project = sandbox.project('page-2');
    const owner = '<img/src=x>';
    const { id } = await project.connect(owner);
    const text = '</pre><script>alert(1)</script>';
    const given = { user_id: owner, connected_account_id: id, arguments: { channel: '#general', text } };
    await project.ask('POST', '/api/v3.1/tools/execute/SLACK_SEND_MESSAGE', given);
    const { body } = await sandbox.ask('GET', '/?project=page-2');
    expect(body).toContain('&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).toContain('&lt;img/src=x&gt;');
    expect(body).not.toMatch(/<script|<img/);
  });

  it('shows channels, outboxes and issues as their owners would see them, and those of one person alone', async () => {
    const project = sandbox.project('page-4');
    const run = async (owner: string, app: string, tool: string, given: object) => {
      const { id } = await project.connect(owner, 'allow', `ac_${app}`);
      await project.ask('POST', `/api/v3.1/tools/execute/${tool}`, { user_id: owner, connected_account_id: id, arguments: given });
    };
    await run('ana', 'slack', 'SLACK_SEND_MESSAGE', { channel: '#launch', text: 'We are live' });
    await run('ben', 'gmail', 'GMAIL_SEND_EMAIL', { recipient_email: 'carol@example.com', subject: 'The numbers', body: 'Up' });
    await run('ana', 'github', 'GITHUB_CREATE_AN_ISSUE', { owner: 'acme', repo: 'site', title: 'Broken link' });
    await run('ana', 'notion', 'NOTION_CREATE_NOTION_PAGE', { title: 'Plan' });
    const { body } = await sandbox.ask('GET', '/?project=page-4');
    for (const words of [
      'ana&#39;s Slack: #launch',
      'We are live',
      'ben&#39;s Gmail: outbox',
      'carol@example.com',
      'Notion: what was changed',
    ])
      expect(body).toContain(words);
    expect(body).toContain('GitHub issues: acme/site, written by ana');
    const { body: ofBen } = await sandbox.ask('GET', '/?project=page-4&owner=ben');
    expect(ofBen).toContain('The numbers');
    expect(ofBen).not.toContain('We are live');
  });

  it('a page of another site cannot press the buttons', async () => {
    const { id } = await sandbox.project('page-3').connect('ana');
    const answer = await press({ project: 'page-3', account: id, deed: 'EXPIRED' }, { origin: 'https://elsewhere.example' });
    expect(answer.status).toBe(403);
  });
});
