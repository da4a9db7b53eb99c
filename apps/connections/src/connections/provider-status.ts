import type { Account as ComposioAccount } from '@gatehouse/composio';

/** What Composio says of an account, in our words. Pure; a status that nobody has seen before proves nothing, neither good nor bad. */

/** It is the one that was asked for, and nobody else can use it. That it also is ACTIVE, is asked apart. */
export function isTheirs(account: ComposioAccount, asked: { userId: string; app: string }): boolean {
  return account.owner === asked.userId && account.app === asked.app && account.sharing === 'PRIVATE' && !account.disabled;
}

/** An account that was proven before works still, or again. */
export function isUsable(account: ComposioAccount | null, app: string): boolean {
  return account?.status === 'ACTIVE' && account.app === app && account.sharing === 'PRIVATE' && !account.disabled;
}

/** Why an attempt can no longer become active; null while it still can. Null for an account: it is not there any more. */
export function endOf(account: ComposioAccount | null): string | null {
  if (!account) return 'gone';
  switch (account.status) {
    case 'FAILED':
      return /identity/i.test(account.statusReason ?? '') ? 'identity_mismatch' : 'failed';
    case 'EXPIRED':
      return 'timed_out';
    case 'REVOKED':
    case 'INACTIVE':
      return 'failed';
    default:
      return null;
  }
}
