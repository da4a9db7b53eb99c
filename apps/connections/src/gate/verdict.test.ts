import { type GateConnection, type GateQuestion, verdictOf } from './verdict.js';

const aConnection = (over: Partial<GateConnection> = {}): GateConnection => ({
  id: '00000000-0000-4000-8000-000000000001',
  app: 'slack',
  alias: '',
  state: 'active',
  accountId: 'ca_1',
  epoch: 2,
  isDefault: false,
  wasConnected: true,
  createdAt: 1000,
  ...over,
});
const ask = (over: Partial<GateQuestion> = {}) =>
  verdictOf({
    userId: 'ana',
    deleted: false,
    switches: [],
    required: ['slack'],
    optional: [],
    connections: [],
    publicUrl: 'https://app.example.com',
    ...over,
  });

describe('verdictOf', () => {
  it('is ready with the pinned account of every app', () => {
    expect(ask({ connections: [aConnection()] })).toEqual({
      verdict: 'ready',
      userId: 'ana',
      accounts: [{ app: 'slack', connectionId: aConnection().id, accountId: 'ca_1', owner: 'ana', alias: null, epoch: 2 }],
      blockers: [],
    });
  });

  it('asks to connect what never was, and says where', () => {
    expect(ask()).toEqual({
      verdict: 'blocked',
      userId: 'ana',
      accounts: [],
      blockers: [
        {
          app: 'slack',
          state: 'not_connected',
          message: 'Please connect your Slack account first in Settings > Integrations.',
          connectUrl: 'https://app.example.com/settings/integrations/slack',
        },
      ],
    });
  });

  it.each(['broken', 'unknown'] as const)('asks to reconnect what is %s', (state) => {
    expect(ask({ connections: [aConnection({ state })] })).toMatchObject({
      verdict: 'blocked',
      accounts: [],
      blockers: [{ state, message: 'Your Slack connection has expired. Please reconnect in Settings > Integrations.' }],
    });
  });

  it.each(['pending', 'not_finished', 'removing'] as const)('gives no account for one that is %s', (state) => {
    expect(ask({ connections: [aConnection({ state })] })).toMatchObject({
      verdict: 'blocked',
      accounts: [],
      blockers: [{ state, message: 'Please connect your Slack account first in Settings > Integrations.' }],
    });
  });

  it('never says yes to an active connection without an account', () => {
    expect(ask({ connections: [aConnection({ accountId: null })] })).toMatchObject({ verdict: 'blocked', accounts: [] });
  });

  it('is degraded when only an optional app is missing; an app that is in both lists is required', () => {
    const connections = [aConnection()];
    expect(ask({ optional: ['gmail'], connections })).toMatchObject({
      verdict: 'degraded',
      accounts: [{ app: 'slack' }],
      blockers: [{ app: 'gmail' }],
    });
    expect(ask({ required: ['slack', 'gmail'], optional: ['gmail'], connections })).toMatchObject({
      verdict: 'blocked',
      blockers: [{ app: 'gmail' }],
    });
  });

  it('never uses a second account silently when the first is broken', () => {
    const first = aConnection({ state: 'broken', isDefault: true });
    const second = aConnection({ id: '00000000-0000-4000-8000-000000000002', alias: 'Work', createdAt: 2000 });
    expect(ask({ connections: [second, first] })).toMatchObject({ verdict: 'blocked', blockers: [{ state: 'broken' }] });
  });

  const work = aConnection({ id: '00000000-0000-4000-8000-000000000002', alias: 'Work', accountId: 'ca_2', createdAt: 2000 });

  it('takes the default of several, wherever it stands among them', () => {
    const connections = [aConnection(), { ...work, isDefault: true }];
    expect(ask({ connections })).toMatchObject({ verdict: 'ready', accounts: [{ accountId: 'ca_2', alias: 'Work' }] });
    expect(ask({ connections: connections.reverse() })).toMatchObject({ accounts: [{ accountId: 'ca_2' }] });
  });

  it('has no answer when there are several and none is the default', () => {
    expect(ask({ connections: [aConnection(), work] })).toMatchObject({
      verdict: 'blocked',
      accounts: [],
      blockers: [
        { state: 'ambiguous', message: 'You have several Slack accounts. Please choose the default one in Settings > Integrations.' },
      ],
    });
  });

  it('takes the account that is named, and no other in its place', () => {
    const connections = [aConnection({ isDefault: true }), work];
    expect(ask({ connections, aliases: { slack: 'Work' } })).toMatchObject({ verdict: 'ready', accounts: [{ accountId: 'ca_2' }] });
    expect(ask({ connections, aliases: { slack: 'Private' } })).toMatchObject({
      verdict: 'blocked',
      blockers: [{ state: 'not_connected' }],
    });
    const broken = [aConnection({ isDefault: true }), { ...work, state: 'broken' as const }];
    expect(ask({ connections: broken, aliases: { slack: 'Work' } })).toMatchObject({ verdict: 'blocked', blockers: [{ state: 'broken' }] });
  });

  it('lets an attempt that never was active stand in nobody’s way', () => {
    const never = aConnection({ state: 'not_finished', wasConnected: false, accountId: null, createdAt: 500 });
    const works = aConnection({ id: '00000000-0000-4000-8000-000000000002', alias: 'Work', createdAt: 2000 });
    expect(ask({ connections: [never, works] })).toMatchObject({ verdict: 'ready', accounts: [{ connectionId: works.id, alias: 'Work' }] });
  });

  it.each([
    { scope: 'everything', target: '' },
    { scope: 'user', target: 'ana' },
    { scope: 'app', target: 'slack' },
  ] as const)('says that an app is paused, connected or not, while $scope is stopped', (stopped) => {
    for (const connections of [[aConnection()], []])
      expect(ask({ switches: [stopped], connections })).toMatchObject({
        verdict: 'blocked',
        accounts: [],
        blockers: [{ app: 'slack', state: 'paused', message: 'Slack is paused for now.' }],
      });
  });

  it('goes on with the other apps when an optional one is paused', () => {
    const connections = [aConnection()];
    const switches = [{ scope: 'app', target: 'gmail' }] as const;
    expect(ask({ switches, optional: ['gmail'], connections })).toMatchObject({
      verdict: 'degraded',
      accounts: [{ app: 'slack' }],
      blockers: [{ app: 'gmail', state: 'paused' }],
    });
  });

  it('blocks a deleted user whatever is still there', () => {
    expect(ask({ deleted: true, connections: [aConnection()] })).toMatchObject({
      verdict: 'blocked',
      accounts: [],
      blockers: [{ state: 'user_deleted' }],
    });
  });
});
