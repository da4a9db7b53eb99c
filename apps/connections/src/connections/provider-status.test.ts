import { type Account, type AccountStatus, accountId, entityId } from '@gatehouse/composio';
import { Connection } from './connection.entity.js';
import { endOf, isTheirs, isUsable } from './provider-status.js';

const anAccount = (over: Partial<Account> = {}): Account => ({
  ...{ id: accountId('ca_1'), otherIds: [], owner: entityId('ana'), app: 'slack', authConfigId: 'ac_slack' },
  ...{ status: 'ACTIVE', rawStatus: 'ACTIVE', statusReason: null, neverFinished: false, disabled: false, sharing: 'PRIVATE' },
  ...{ createdAt: new Date(), updatedAt: new Date() },
  ...over,
});

/** Each status of Composio's, with each kind of reason: what becomes of an attempt, and of a connection that once was active. */
const table: [AccountStatus, string | null, end: string | null, once: 'active' | 'unknown'][] = [
  ['INITIALIZING', null, null, 'unknown'],
  ['INITIATED', null, null, 'unknown'],
  ['INITIATED', 'IDENTITY_VERIFICATION_FAILED', null, 'unknown'],
  ['ACTIVE', null, null, 'active'],
  ['ACTIVE', 'INITIATION_TIMEOUT', null, 'active'],
  ['EXPIRED', 'INITIATION_TIMEOUT', 'timed_out', 'unknown'],
  ['EXPIRED', 'The connection did not complete within 10 minutes', 'timed_out', 'unknown'],
  ['EXPIRED', 'OAuth refresh token expired', 'timed_out', 'unknown'],
  ['EXPIRED', null, 'timed_out', 'unknown'],
  ['FAILED', 'IDENTITY_VERIFICATION_FAILED', 'identity_mismatch', 'unknown'],
  ['FAILED', 'identity mismatch', 'identity_mismatch', 'unknown'],
  ['FAILED', 'token exchange failed', 'failed', 'unknown'],
  ['FAILED', null, 'failed', 'unknown'],
  ['INACTIVE', 'switched off in the dashboard', 'failed', 'unknown'],
  ['INACTIVE', null, 'failed', 'unknown'],
  ['REVOKED', 'Revoked at the provider', 'failed', 'unknown'],
  ['REVOKED', null, 'failed', 'unknown'],
  ['UNKNOWN', 'ACTIVE again', null, 'unknown'],
  ['UNKNOWN', null, null, 'unknown'],
];

describe.each(table)('%s, because of %s', (status, statusReason, end, once) => {
  const account = anAccount({ status, rawStatus: status === 'UNKNOWN' ? 'ACTIVATED' : status, statusReason });

  it(`ends an attempt as ${end ?? 'nothing yet'}`, () => {
    expect(endOf(account)).toBe(end);
  });

  it.each(['active', 'broken', 'unknown'] as const)('makes a connection that is %s no better than it is', (state) => {
    const given = { id: 'c', userId: 'ana', app: 'slack', alias: '', state, accountId: 'ca_1', epoch: 1 };
    const connection: Connection = Object.assign(new Connection(), given);
    connection.observe({ status: account.rawStatus, reason: statusReason, usable: isUsable(account, 'slack') }, 'check', new Date());
    expect(connection.state).toBe(once === 'active' ? 'active' : state === 'broken' ? 'broken' : 'unknown');
    expect(connection).toMatchObject({ epoch: 1, providerStatus: account.rawStatus });
  });
});

describe('an account', () => {
  it('that is not there any more ends an attempt, and is not usable', () => {
    expect(endOf(null)).toBe('gone');
    expect(isUsable(null, 'slack')).toBe(false);
  });

  it.each<[string, Partial<Account>]>([
    ['switched off', { disabled: true }],
    ['shared with others', { sharing: 'SHARED' }],
    ['of another app', { app: 'gmail' }],
  ])('that is ACTIVE but %s is neither theirs nor usable', (_, over) => {
    expect(isTheirs(anAccount(over), { userId: 'ana', app: 'slack' })).toBe(false);
    expect(isUsable(anAccount(over), 'slack')).toBe(false);
  });

  it.each([null, entityId('ben')])('whose owner is %s is not theirs', (owner) => {
    expect(isTheirs(anAccount({ owner }), { userId: 'ana', app: 'slack' })).toBe(false);
    expect(isTheirs(anAccount(), { userId: 'ana', app: 'slack' })).toBe(true);
  });
});
