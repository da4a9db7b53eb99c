import { isStale, type Mark } from './stale.js';

const fresh: Mark = { epoch: -1, accountId: null, pastAccounts: [], settledAt: null, closed: false };
const broken = { kind: 'connection.expired', epoch: 1, accountId: 'ca_1', factAt: new Date(1000) };
const blocked = { kind: 'run.blocked', epoch: 0, accountId: null, factAt: new Date(1000) };

describe('whether a fact was settled before it was heard', () => {
  it('is not, for a connection nobody has heard of: its activation may be late', () => expect(isStale(fresh, broken)).toBe(false));
  it('is not, for the break that follows an activation', () =>
    expect(isStale({ ...fresh, epoch: 0, accountId: 'ca_1' }, broken)).toBe(false));
  it('is, once an activation of that epoch was seen', () => expect(isStale({ ...fresh, epoch: 1, accountId: 'ca_2' }, broken)).toBe(true));
  it('is, for a superseded account, whatever the epoch', () =>
    expect(isStale({ ...fresh, epoch: 0, accountId: 'ca_2', pastAccounts: ['ca_1'] }, broken)).toBe(true));
  it('is, once removed or ended', () => expect(isStale({ ...fresh, closed: true }, blocked)).toBe(true));
  it('is, for a run that went on later', () => expect(isStale({ ...fresh, settledAt: new Date(2000) }, blocked)).toBe(true));
  it('is not, for a run that went on earlier and waits again', () =>
    expect(isStale({ ...fresh, settledAt: new Date(500) }, blocked)).toBe(false));
});
