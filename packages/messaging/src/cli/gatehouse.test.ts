import { randomUUID } from 'node:crypto';
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
});
