import type { Account } from '@gatehouse/composio';

const BROKEN = ['EXPIRED', 'FAILED', 'REVOKED', 'INACTIVE'] as const;
export type BrokenStatus = (typeof BROKEN)[number];

/** How an account that was active is broken, or null if it is not known to be: a status never seen before breaks nothing. */
export function brokenAs(account: Pick<Account, 'status' | 'disabled'>): BrokenStatus | null {
  const status = BROKEN.find((known) => known === account.status);
  return status ?? (account.disabled ? 'INACTIVE' : null);
}

export const reasonOf = (account: Pick<Account, 'status' | 'statusReason'>): string =>
  (account.statusReason ?? account.status).slice(0, 500);
