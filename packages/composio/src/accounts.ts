import { alarm } from './alarms.js';
import { OwnerMismatch } from './errors.js';
import type { Account, AccountFilter, AccountStatus, EntityId } from './port.js';

const STATUSES: readonly string[] = [
  'INITIALIZING',
  'INITIATED',
  'ACTIVE',
  'FAILED',
  'EXPIRED',
  'INACTIVE',
  'REVOKED',
] satisfies AccountStatus[];

/** A word that was never seen before is `UNKNOWN`, whatever it sounds like. */
export function statusOf(raw: string): AccountStatus {
  return STATUSES.includes(raw) ? (raw as AccountStatus) : 'UNKNOWN';
}

/** Composio says EXPIRED of a connect flow that nobody finished, too. */
export function neverFinished(status: string, reason: string | null): boolean {
  return status === 'EXPIRED' && reason !== null && /INITIATION_TIMEOUT|did not complete within \d+ minutes/i.test(reason);
}

/** An account with its owner as written, which may be one that no entity of ours can have. */
export interface AccountRow {
  account: Account;
  rawOwner: string | null;
}

/** Throws when the answer names another owner than asked for; one that names none proves nothing either way. */
export function refuseForeign({ rawOwner }: AccountRow, owner: EntityId, during: string): void {
  if (rawOwner === null || rawOwner === owner) return;
  alarm({ kind: 'owner-mismatch', during });
  throw new OwnerMismatch();
}

/** Rows of others are dropped and reported; rows outside the filter are dropped, for not every API can filter. */
export function sift(rows: readonly AccountRow[], filter: AccountFilter & { owner?: EntityId }): Account[] {
  const { owner, statuses, apps } = filter;
  const own = owner === undefined ? rows : rows.filter(({ rawOwner }) => rawOwner === null || rawOwner === owner);
  if (own.length < rows.length) alarm({ kind: 'foreign-rows', count: rows.length - own.length });
  return own
    .map(({ account }) => account)
    .filter((account) => (!statuses || statuses.includes(account.status)) && (!apps || apps.includes(account.app)));
}
