import type { Account } from './account.js';
import type { AccountQuery } from './account-store.js';

export interface Order {
  by: 'createdAt' | 'updatedAt';
  descending: boolean;
}
export const OLDEST_FIRST: Order = { by: 'createdAt', descending: false };

/** The accounts that fit a query, in an order. A change leaves with the old values and enters with the new ones. */
export class AccountView {
  readonly rows: Account[];

  constructor(
    private readonly query: AccountQuery,
    private readonly order: Order,
    accounts: readonly Account[],
  ) {
    this.rows = accounts.filter((account) => this.fits(account));
    const sorted = this.rows.every((row, index) => index === 0 || this.compare(this.rows[index - 1] as Account, row) < 0);
    if (!sorted) this.rows.sort((one, other) => this.compare(one, other));
  }

  /** Whether a change puts it in, takes it out, or moves it to another place. Where it stays, nothing is to be done. */
  isMovedBy(before: Account, after: Account): boolean {
    const stays = this.fits(after);
    return stays !== this.fits(before) || (stays && before[this.order.by] !== after[this.order.by]);
  }

  enter(account: Account): void {
    if (this.fits(account)) this.rows.splice(this.place(account), 0, account);
  }

  leave(account: Account): void {
    const place = this.place(account);
    if (this.rows[place] === account) this.rows.splice(place, 1);
  }

  private fits(account: Account): boolean {
    const { owners, statuses, apps, authConfigIds, ids, sharing = 'PRIVATE' } = this.query;
    return (
      !account.deleted &&
      (sharing === 'ALL' || account.sharing === sharing) &&
      oneOf(owners, account.owner) &&
      oneOf(statuses, account.status) &&
      oneOf(apps, account.app) &&
      oneOf(authConfigIds, account.authConfigId) &&
      (!ids || ids.includes(account.id) || ids.includes(account.uuid))
    );
  }

  /** Where it is, or would be. */
  private place(account: Account): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compare(this.rows[middle] as Account, account) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private compare(one: Account, other: Account): number {
    const { by, descending } = this.order;
    const difference = one[by] - other[by] || (one.id === other.id ? 0 : one.id < other.id ? -1 : 1);
    return descending ? -difference : difference;
  }
}

const oneOf = (wanted: string[] | undefined, value: string): boolean => !wanted || wanted.includes(value);
