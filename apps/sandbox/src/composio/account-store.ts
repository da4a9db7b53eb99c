import type { Account } from './account.js';
import { AccountView, OLDEST_FIRST, type Order } from './account-view.js';

export interface AccountQuery {
  owners?: string[] | undefined;
  statuses?: string[] | undefined;
  apps?: string[] | undefined;
  authConfigIds?: string[] | undefined;
  ids?: string[] | undefined;
  sharing?: 'PRIVATE' | 'SHARED' | 'ALL' | undefined;
}

const VIEWS_KEPT = 16;

/**
 * All accounts of a project. By id and by owner they are found without looking at the others; any other list is made once, in its order, and
 * kept up to date by every change, so that a page costs what a page holds, with a million accounts, too.
 */
export class AccountStore {
  private readonly inOrder: Account[] = [];
  private readonly byId = new Map<string, Account>();
  private readonly byOwner = new Map<string, Account[]>();
  private readonly perAuthConfig = new Map<string, number>();
  private readonly views = new Map<string, AccountView>();

  add(account: Account): Account {
    this.inOrder.push(account);
    this.byId.set(account.id, account);
    this.byId.set(account.uuid, account);
    this.enter(account);
    for (const view of this.views.values()) view.enter(account);
    return account;
  }

  /** Deleted ones, too: Composio keeps them. */
  find(id: string | undefined): Account | undefined {
    return id === undefined ? undefined : this.byId.get(id);
  }

  live(id: string | undefined): Account | undefined {
    const account = this.find(id);
    return account?.deleted ? undefined : account;
  }

  change(account: Account, change: Partial<Account>, now: number): void {
    const after = { ...account, ...change, updatedAt: now };
    const views = [...this.views.values()].filter((view) => view.isMovedBy(account, after));
    const regroups = after.owner !== account.owner || after.deleted !== account.deleted;
    for (const view of views) view.leave(account);
    if (regroups) this.leave(account);
    Object.assign(account, after);
    if (regroups) this.enter(account);
    for (const view of views) view.enter(account);
  }

  /** In the order in which they were added, deleted ones included. */
  all(): readonly Account[] {
    return this.inOrder;
  }

  /** Deleted ones included. */
  of(owner: string): readonly Account[] {
    return this.byOwner.get(owner) ?? [];
  }

  /** How many accounts there are of this auth config. */
  count(authConfigId: string): number {
    return this.perAuthConfig.get(authConfigId) ?? 0;
  }

  /** Not to be changed by the caller: it may be the kept list itself. */
  select(query: AccountQuery, order: Order = OLDEST_FIRST): readonly Account[] {
    const { ids, owners, ...rest } = query;
    const few = ids ? this.named(ids) : owners?.flatMap((owner) => this.of(owner));
    if (few) return new AccountView(query, order, few).rows;
    const key = JSON.stringify([rest.statuses, rest.apps, rest.authConfigIds, rest.sharing, order]);
    const view = this.views.get(key) ?? new AccountView(rest, order, this.inOrder);
    this.views.delete(key); // and set again: the last one used is the last one to go
    this.views.set(key, view);
    const [eldest] = this.views.keys();
    if (this.views.size > VIEWS_KEPT && eldest !== undefined) this.views.delete(eldest);
    return view.rows;
  }

  private named(ids: string[]): Account[] {
    return [...new Set(ids.map((id) => this.byId.get(id)).filter((account) => account !== undefined))];
  }

  private enter(account: Account): void {
    const own = this.byOwner.get(account.owner);
    if (own) own.push(account);
    else this.byOwner.set(account.owner, [account]);
    if (!account.deleted) this.perAuthConfig.set(account.authConfigId, this.count(account.authConfigId) + 1);
  }

  private leave(account: Account): void {
    const others = this.of(account.owner).filter((other) => other !== account);
    if (others.length > 0) this.byOwner.set(account.owner, others);
    else this.byOwner.delete(account.owner);
    if (!account.deleted) this.perAuthConfig.set(account.authConfigId, this.count(account.authConfigId) - 1);
  }
}
