import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gatehouse } from './gatehouse.js';

const reachable = { CONNECTIONS_DATABASE_URL: 'postgres://connections@127.0.0.1:1/connections' };
const two = { ...reachable, NOTIFIER_DATABASE_URL: 'postgres://notifier@127.0.0.1:1/notifier' };

async function type(line: string, env: Record<string, string> = reachable) {
  const said: string[] = [];
  const complained: string[] = [];
  const code = await gatehouse(line.split(' ').filter(Boolean), env, {
    print: (text) => said.push(text),
    printBytes: () => undefined,
    complain: (text) => complained.push(text),
  });
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

describe('the operator’s command line', () => {
  it.each([
    ['--help', /dead-letters .*list, show, replay, drop\n {2}outbox .*list, show, retry, drop\n/],
    ['dead-letters --help', /replay +give them another chance/],
    ['dead-letters replay --help', /--dry-run .*\n/],
    ['parked list -h', /--limit <n>/],
    ['switches set --help', /--scope <what> .*--target <name>/s],
    ['drift run --help', /--fix .*no account is removed/],
    ['verify --help', /^gatehouse verify: .*--user <id>/s],
  ])('helps on each level, without a database (%s)', async (line, text) => {
    expect(await type(line, {})).toEqual({ code: 0, said: expect.stringMatching(text), complained: '' });
  });

  it.each([
    ['', 'Say what you want to look after.'],
    ['letters list', 'There is no "letters"'],
    ['dead-letters', 'Say what to do: list, show, replay, drop.'],
    ['dead-letters constructor', 'knows no "constructor"'],
    ['dead-letters list --colour red', "Unknown option '--colour'."],
    ['dead-letters list more', 'more'],
    ['dead-letters list --consumer postgres', '"postgres" is no service. There are identity, connections,'],
    ['dead-letters list --consumer gateway', 'gateway has no database'],
    ['dead-letters list --consumer auditor', 'set AUDITOR_DATABASE_URL'],
    ['dead-letters show', 'Say which event with one --id.'],
    ['dead-letters show --id 17', "--id 17: an event's id is a UUID."],
    ['dead-letters list --since yesterday', '--since yesterday: write 30m'],
    ['dead-letters list --since 2026-02-30', '--since 2026-02-30: write 30m'],
    ['dead-letters list --limit 0', '--limit is a number from 1 to 10000.'],
    ['switches set', '--scope everything, app, user or tool'],
    ['switches set --scope app --target slack', '--note (why you do it)'],
    ['switches set --scope app --note because', '--target'],
    ['switches set --scope everything --target slack --note because', 'target'],
    ['switches lift --scope half --note because', '--scope'],
    ['verify now', 'now'],
    ['verify --user', '--user'],
    ['dead-letters replay', 'Say which events are meant: --id, --reason or --since, or --all.'],
    ['dead-letters drop --all --since 1h', '--all goes with none of'],
  ])('says what is wrong with "%s", and ends with 2', async (line, text) => {
    expect(await type(line)).toEqual({ code: 2, said: '', complained: expect.stringContaining(text) });
  });

  it('wants to know the service before it changes anything where there are several', async () => {
    expect(await type(`dead-letters replay --id ${randomUUID()}`, two)).toMatchObject({
      code: 2,
      complained: expect.stringContaining('Say which service is meant with --consumer'),
    });
  });

  it.each([
    [{}, 'No database is named.'],
    [{ DATABASE_URL: 'postgres://postgres:secret@127.0.0.1:1/x' }, 'DATABASE_URL logs in as "postgres", which is no service\'s role'],
    [{ CONNECTIONS_DATABASE_URL: 'mysql://secret@x' }, 'The address given for connections is not postgres://'],
    [{ DATABASE_URL_FILE: '/no/such/file' }, 'DATABASE_URL_FILE names a file that cannot be read.'],
  ])('says which database is missing (%j), without its password', async (env, text) => {
    const { code, complained } = await type('dead-letters list', env as Record<string, string>);
    expect([code, complained]).toEqual([2, expect.stringContaining(text)]);
    expect(complained).not.toContain('secret');
  });

  it('ends with 1 when the database cannot be reached, and says which', async () => {
    const agentRunner = { DATABASE_URL: 'postgres://agent_runner:secret@127.0.0.1:1/agent_runner' };
    const { code, complained } = await type('dead-letters list', agentRunner);
    expect([code, complained]).toEqual([
      1,
      expect.stringMatching(/^Cannot reach the database of agent-runner \(127\.0\.0\.1:1\/agent_runner\): .*ECONNREFUSED/),
    ]);
    expect(complained).not.toContain('secret');
  });

  it.each([
    [{}, 2, 'Set GATEHOUSE_URL'],
    [{ GATEHOUSE_URL: 'http://127.0.0.1:1' }, 2, 'Set GATEHOUSE_OPERATOR_KEY'],
    [{ GATEHOUSE_URL: 'http://127.0.0.1:1', GATEHOUSE_OPERATOR_KEY: 'hush' }, 1, 'Cannot reach the gateway (127.0.0.1:1)'],
  ])('asks for the gateway where a service alone may decide, and for no database (%j)', async (env, code, text) => {
    const answer = await type('drift list', env as Record<string, string>);
    expect(answer).toEqual({ code, said: '', complained: expect.stringContaining(text) });
    expect(answer.complained).not.toContain('hush');
  });

  describe('with a gateway', () => {
    const asked: { method: string | undefined; url: string | undefined; key: string | undefined; body: string }[] = [];
    const report = { id: randomUUID(), state: 'running', askedBy: 'local', fix: true, openedAt: '2026-11-21T00:00:00.000Z', missing: 2 };
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => {
        body += piece;
      });
      request.on('end', () => {
        asked.push({ method: request.method, url: request.url, key: request.headers.authorization, body });
        const finding = { kind: 'missing', accountId: 'ca_1', connectionId: null, userId: 'ana', app: 'slack', says: 'deleted\u001b[2J' };
        const answers = { GET: request.url?.includes(report.id) ? { report, findings: [finding] } : { data: [report] }, POST: report };
        response.end(JSON.stringify(answers[request.method as 'GET' | 'POST']));
      });
    });
    let env: Record<string, string>;
    beforeAll(async () => {
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      env = { GATEHOUSE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, GATEHOUSE_OPERATOR_KEY: 'hush' };
    });
    afterAll(() => server.close());

    it('starts a reconciliation by the auditor’s own route, and shows what the newest one found', async () => {
      expect(await type('drift run --fix', env)).toMatchObject({ code: 0, said: expect.stringContaining('2 missing') });
      expect(asked.at(-1)).toEqual({ method: 'POST', url: '/admin/auditor/drift', key: 'Bearer hush', body: '{"fix":true}' });
      const { code, said } = await type('drift show', env);
      expect([code, said]).toEqual([0, expect.stringMatching(/missing {2}slack {2}ca_1 {2}- {2}ana {2}deleted\uFFFD\[2J$/)]);
      expect(JSON.parse((await type('drift list --json', env)).said)).toMatchObject({ items: [{ id: report.id }] });
    });
  });
});
