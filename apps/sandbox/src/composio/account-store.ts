import type { Account, Status } from './account.js';

export interface AccountQuery {
  owners?: string[] | undefined;
  statuses?: string[] | undefined;
  apps?: string[] | undefined;
  authConfigIds?: string[] | undefined;
  ids?: string[] | undefined;
  sharing?: 'PRIVATE' | 'SHARED' | 'ALL' | undefined;
}

/** All accounts of a project, found by either of their ids, by owner and by status without looking at the others. */
export class AccountStore {
  private readonly byId = new Map<string, Account>();
  private readonly byOwner = new Map<string, Set<Account>>();
  private readonly byStatus = new Map<Status, Set<Account>>();

  add(account: Account): Account {
    this.byId.set(account.id, account);
    this.byId.set(account.uuid, account);
    group(this.byOwner, account.owner).add(account);
    group(this.byStatus, account.status).add(account);
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
    group(this.byStatus, account.status).delete(account);
    Object.assign(account, change, { updatedAt: now });
    group(this.byStatus, account.status).add(account);
  }

  all(): Account[] {
    return [...this.byId].filter(([id, account]) => id === account.id).map(([, account]) => account);
  }

  query(query: AccountQuery): Account[] {
    return this.candidates(query).filter(
      (account) =>
        !account.deleted &&
        (query.sharing === 'ALL' || account.sharing === (query.sharing ?? 'PRIVATE')) &&
        oneOf(query.owners, account.owner) &&
        oneOf(query.statuses, account.status) &&
        oneOf(query.apps, account.app) &&
        oneOf(query.authConfigIds, account.authConfigId) &&
        (!query.ids || query.ids.includes(account.id) || query.ids.includes(account.uuid)),
    );
  }

  private candidates({ ids, owners, statuses }: AccountQuery): Account[] {
    if (ids) return [...new Set(ids.map((id) => this.byId.get(id)).filter((account) => account !== undefined))];
    if (owners) return owners.flatMap((owner) => [...(this.byOwner.get(owner) ?? [])]);
    if (statuses) return statuses.flatMap((status) => [...(this.byStatus.get(status as Status) ?? [])]);
    return this.all();
  }
}

const oneOf = (wanted: string[] | undefined, value: string): boolean => !wanted || wanted.includes(value);

function group<K>(groups: Map<K, Set<Account>>, key: K): Set<Account> {
  const found = groups.get(key);
  if (found) return found;
  const made = new Set<Account>();
  groups.set(key, made);
  return made;
}
