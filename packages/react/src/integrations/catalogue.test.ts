import type { AppInfoView, ConnectionView } from '@gatehouse/contracts';
import { groups, meant, unlisted } from './catalogue.js';
import { uiState } from './state.js';

const anApp = (app: string, change: Partial<AppInfoView> = {}): AppInfoView => ({ ...unlisted(app), ...change });
const aConnection = (change: Partial<ConnectionView> = {}): ConnectionView => ({
  id: crypto.randomUUID(),
  app: 'slack',
  alias: null,
  status: 'active',
  providerStatus: 'ACTIVE',
  reason: null,
  accountId: 'ca_1',
  accountLabel: null,
  default: true,
  epoch: 0,
  connectedAt: '2026-11-03T10:00:00.000Z',
  lastCheckedAt: null,
  lastUsedAt: null,
  createdAt: '2026-11-03T10:00:00.000Z',
  ...change,
});
const none = new Map();

describe('the state that a person sees', () => {
  it.each([
    [undefined, 'not_connected'],
    [{ status: 'removed' }, 'not_connected'],
    [{ status: 'pending' }, 'waiting'],
    [{ status: 'active' }, 'connected'],
    [{ status: 'broken', providerStatus: 'EXPIRED' }, 'expired'],
    [{ status: 'broken', providerStatus: 'REVOKED' }, 'access_removed'],
    [{ status: 'broken', providerStatus: 'INACTIVE' }, 'switched_off'],
    [{ status: 'broken', providerStatus: 'FAILED' }, 'stopped'],
    [{ status: 'broken', providerStatus: 'SOMETHING_NEW' }, 'stopped'],
    [{ status: 'not_finished', reason: 'timed_out' }, 'not_finished'],
    [{ status: 'not_finished', reason: 'identity_mismatch' }, 'blocked'],
    [{ status: 'removing' }, 'leaving'],
    [{ status: 'unknown' }, 'cant_check'],
    [{ status: 'a_state_of_tomorrow' as 'unknown' }, 'cant_check'],
  ] as const)('of %j is %s', (change, state) => {
    expect(uiState(change && aConnection(change as Partial<ConnectionView>))).toBe(state);
  });

  it('is what is under way here, whatever the server still says', () => {
    const broken = aConnection({ status: 'broken', providerStatus: 'EXPIRED' });
    expect(uiState(broken, { wish: { app: 'slack' }, phase: 'waiting' })).toBe('waiting');
    expect(uiState(broken, { wish: { app: 'slack' }, phase: 'checking' })).toBe('checking');
    expect(uiState(broken, { wish: { app: 'slack' }, phase: 'unchanged' })).toBe('expired');
  });
});

describe('the catalogue', () => {
  const listed = [anApp('asana'), anApp('github'), anApp('slack')];

  it('shows what needs the person first, and what is connected also when its page of apps was not read', () => {
    const connections = [aConnection({ status: 'broken' }), aConnection({ app: 'zoom' })];
    const found = groups({ listed, named: [], connections, attempts: none }, '');
    expect(found.attention.map(({ app }) => app)).toEqual(['slack']);
    expect(found.connected.map(({ app }) => app)).toEqual(['zoom']);
    expect(found.available.map(({ app }) => app)).toEqual(['asana', 'github']);
  });

  it('speaks of the account that needs somebody, of several', () => {
    const connections = [aConnection({ alias: 'Work' }), aConnection({ alias: 'Private', status: 'broken', default: false })];
    const [slack] = groups({ listed, named: [], connections, attempts: none }, 'SLA').attention;
    expect(slack?.main?.alias).toBe('Private');
    expect(slack?.connections).toHaveLength(2);
  });

  it.each([
    ['trelo', 'trello'],
    ['gihub', 'github'],
    ['xy', undefined],
    ['salesforce', undefined],
  ])('guesses what was meant by %s: %s', (find, app) => {
    expect(meant(find, [anApp('trello'), anApp('github'), anApp('asana')])?.app).toBe(app);
  });
});
