import { type Account, newAccount, STATUSES } from './account.js';
import { type AccountQuery, AccountStore } from './account-store.js';
import type { Order } from './account-view.js';
import { randomFrom } from './faults.js';

const QUERIES: AccountQuery[] = [
  { sharing: 'ALL' },
  { statuses: ['EXPIRED', 'REVOKED'], sharing: 'ALL' },
  { apps: ['slack'] },
  { statuses: ['ACTIVE'], apps: ['gmail'], sharing: 'ALL' },
  { authConfigIds: ['ac_gmail'], sharing: 'SHARED' },
  { owners: ['u1', 'u2'], sharing: 'ALL' },
];
const ORDERS: Order[] = [
  { by: 'createdAt', descending: false },
  { by: 'updatedAt', descending: true },
];

/** What a list is: looked for among all, and sorted. */
function naive(all: readonly Account[], query: AccountQuery, { by, descending }: Order): string[] {
  const fits = (wanted: string[] | undefined, value: string) => !wanted || wanted.includes(value);
  const rows = all.filter(
    (account) =>
      !account.deleted &&
      (query.sharing === 'ALL' || account.sharing === (query.sharing ?? 'PRIVATE')) &&
      fits(query.owners, account.owner) &&
      fits(query.statuses, account.status) &&
      fits(query.apps, account.app) &&
      fits(query.authConfigIds, account.authConfigId),
  );
  const sign = descending ? -1 : 1;
  return [...rows].sort((one, other) => sign * (one[by] - other[by] || (one.id < other.id ? -1 : 1))).map(({ id }) => id);
}

describe('the lists of accounts', () => {
  it('are, after any changes, what looking through all accounts would give', () => {
    const random = randomFrom(7);
    const one = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
    const store = new AccountStore();
    for (let now = 1; now <= 1_500; now += 1) {
      const account = one(store.all());
      if (!account || random() < 0.3) {
        const app = one(['slack', 'gmail']);
        store.add(
          newAccount({ owner: `u${one([1, 2, 3, 4])}`, app, authConfigId: `ac_${app}`, via: 'seed', createdAt: now - one([0, 50]) }, now),
        );
      } else {
        const changes = [
          { status: one(STATUSES) },
          { deleted: random() < 0.5 },
          { owner: 'u1' },
          { sharing: one(['PRIVATE', 'SHARED'] as const) },
          {},
        ];
        store.change(account, one(changes), now);
      }
      if (now % 10 > 0) continue;
      for (const query of QUERIES)
        for (const order of ORDERS) expect(store.select(query, order).map(({ id }) => id)).toEqual(naive(store.all(), query, order));
      expect(store.count('ac_slack')).toBe(store.all().filter(({ app, deleted }) => app === 'slack' && !deleted).length);
    }
  });

  it('cost a page what the page holds: with many accounts, nothing looks at all of them again', () => {
    const store = new AccountStore();
    for (let number = 0; number < 50_000; number += 1)
      store.add(newAccount({ owner: `u${number}`, app: 'slack', authConfigId: 'ac_slack', via: 'generated', createdAt: number }, number));
    const list = store.select({ sharing: 'ALL' });
    const account = list[40_000] as Account;
    store.change(account, { status: 'EXPIRED' }, 1);
    expect(store.select({ sharing: 'ALL' })).toBe(list); // the same list, kept: not made again
    expect(store.select({ owners: ['u7'] })).toHaveLength(1);
  });
});
