import { type Account, accountId, entityId } from '@gatehouse/composio';
import { judgeAccount, type Watcher } from './judge-account.js';

const now = new Date('2026-11-21T12:00:00Z');
const minutesOld = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const account = (given: Partial<Account> = {}): Account => ({
  id: accountId('ca_1'),
  otherIds: [],
  owner: entityId('ana'),
  app: 'slack',
  authConfigId: 'ac_slack',
  status: 'ACTIVE',
  rawStatus: given.status ?? 'ACTIVE',
  statusReason: null,
  neverFinished: false,
  disabled: false,
  sharing: 'PRIVATE',
  createdAt: minutesOld(60),
  updatedAt: minutesOld(60),
  ...given,
});
const watcher = (given: Partial<Watcher> = {}): Watcher => ({ id: 'c1', userId: 'ana', app: 'slack', state: 'active', ...given });
const kinds = (one: Account, watchers: Watcher[], sibling = false) =>
  judgeAccount(one, watchers, { now, sibling }).map(({ kind, curable }) => `${kind}${curable ? ', curable' : ''}`);

describe('an account against our connections', () => {
  it.each([
    ['is fine: active on both sides', account(), [watcher()], []],
    ['is in a wrong status: broken there', account({ status: 'EXPIRED' }), [watcher()], ['wrong_status, curable']],
    ['is in a wrong status: switched off there', account({ disabled: true }), [watcher()], ['wrong_status, curable']],
    ['is in a wrong status that breaks nothing: never seen before', account({ status: 'UNKNOWN' }), [watcher()], ['wrong_status']],
    ['is in a wrong status that breaks nothing: back to its beginning', account({ status: 'INITIATED' }), [watcher()], ['wrong_status']],
    ['is in a wrong status: broken here only', account(), [watcher({ state: 'broken' })], ['wrong_status']],
    ['is broken on both sides', account({ status: 'EXPIRED' }), [watcher({ state: 'broken' })], []],
    ['is another’s, whatever its status', account({ owner: entityId('ben'), status: 'EXPIRED' }), [watcher()], ['wrong_owner, curable']],
    ['names no owner: that proves nothing', account({ owner: null }), [watcher()], []],
    ['is behind two connections', account(), [watcher(), watcher({ id: 'c2' })], ['duplicate']],
    ['is known to nobody', account(), [], ['extra']],
    ['was removed here', account(), [watcher({ state: 'removed' })], ['extra']],
    ['is known to nobody, and an attempt may still be under way', account({ createdAt: minutesOld(14) }), [], []],
    ['is known to nobody, and could not act for anybody', account({ status: 'EXPIRED' }), [], []],
  ])('%s', (_, one, watchers, expected) => {
    expect(kinds(one, watchers)).toEqual(expected);
  });

  it('is a duplicate if its owner uses another account of the app', () => {
    expect(kinds(account(), [], true)).toEqual(['duplicate']);
  });

  it('names no other user in what it says', () => {
    const [found] = judgeAccount(account({ owner: entityId('ben') }), [watcher()], { now, sibling: false });
    expect(JSON.stringify(found)).not.toContain('ben');
  });
});
