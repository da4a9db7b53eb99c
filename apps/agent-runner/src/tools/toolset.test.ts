import { randomUUID } from 'node:crypto';
import { OwnerMismatch, type ToolDefinition } from '@gatehouse/composio';
import type { PinnedAccount, Verdict } from '@gatehouse/contracts';
import { buildToolset, Toolset } from './toolset.js';

const table = new Map([
  ['SLACK_SEND_MESSAGE', { app: 'slack', class: 'write' as const, title: 'Send a message with Slack' }],
  ['GMAIL_SEND_EMAIL', { app: 'gmail', class: 'write' as const, title: 'Send an email with Gmail' }],
]);
const definition = (name: string, app: string, given: Partial<ToolDefinition> = {}): [string, ToolDefinition] => {
  const hints = { readOnly: false, destructive: false, idempotent: false, known: false };
  return [name, { name, app, version: null, description: '', parameters: {}, hints, deprecated: false, takesFiles: false, ...given }];
};
const definitions = new Map([definition('SLACK_SEND_MESSAGE', 'slack'), definition('GMAIL_SEND_EMAIL', 'gmail')]);
const account = (app: string, owner: string): PinnedAccount => {
  return { app, connectionId: randomUUID(), accountId: `ca_${owner}_${app}`, owner, alias: null, epoch: 0 };
};
const ready = (userId: string, ...accounts: PinnedAccount[]): Verdict => ({ verdict: 'ready', userId, accounts, blockers: [] });
const all = [...table.keys()];

describe('the toolset of a run', () => {
  const ana = { userId: 'ana' };

  it('has exactly the tools of the apps that the gate named, each with the pinned account', () => {
    const toolset = buildToolset(ana, ready('ana', account('slack', 'ana')), all, { table, definitions });
    expect(toolset.all.map(({ name, account: { id } }) => [name, id])).toEqual([['SLACK_SEND_MESSAGE', 'ca_ana_slack']]);
  });

  it('is refused when any account, or the verdict, is another user’s', () => {
    const foreign = ready('ana', account('slack', 'ana'), account('gmail', 'ben'));
    expect(() => buildToolset(ana, foreign, all, { table, definitions })).toThrow(OwnerMismatch);
    expect(() => buildToolset(ana, ready('ben', account('slack', 'ben')), all, { table, definitions })).toThrow(OwnerMismatch);
  });

  it('has no tool without a row in the policy table, of another app than it says, or that takes files', () => {
    const odd = new Map([definition('SLACK_SEND_MESSAGE', 'gmail'), definition('GMAIL_SEND_EMAIL', 'gmail', { takesFiles: true })]);
    const verdict = ready('ana', account('slack', 'ana'), account('gmail', 'ana'));
    expect(buildToolset(ana, verdict, all, { table, definitions: odd }).all).toEqual([]);
    expect(buildToolset(ana, verdict, all, { table: new Map(), definitions }).all).toEqual([]);
  });

  it('is made by nobody else, and good for its user alone', () => {
    const toolset = buildToolset(ana, ready('ana', account('slack', 'ana')), all, { table, definitions });
    expect(Toolset.of(toolset, 'ana')).toBe(toolset);
    expect(() => Toolset.of(toolset, 'ben')).toThrow(OwnerMismatch);
    // @ts-expect-error: what merely looks like a toolset is none, to the compiler …
    const forged: Toolset = { userId: 'ana', get: () => undefined, all: [] };
    // … and when it runs.
    expect(() => Toolset.of(forged, 'ana')).toThrow(TypeError);
    // @ts-expect-error: nobody else can make one
    const made = () => new Toolset('ana', new Map());
    // @ts-expect-error: the key is buildToolset's own
    expect(() => Toolset.make('ana', new Map(), Symbol('buildToolset'))).toThrow('only buildToolset');
    expect(Object.keys(made())).toEqual(['userId']); // without the compiler it has no tools
    expect(() => Toolset.of(Object.create(Toolset.prototype), 'ana')).toThrow(TypeError);
  });
});
