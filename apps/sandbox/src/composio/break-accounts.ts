import type { Account, Status } from './account.js';
import type { Project } from './project.js';

const REASONS: Partial<Record<Status, string>> = {
  EXPIRED: 'OAuth refresh token expired',
  REVOKED: 'Revoked at the provider',
  FAILED: 'The provider refused the credentials',
  INACTIVE: 'Switched off',
};

/** "Break slack for user X". Attempts that never finished are not broken: nothing of them ever worked. */
export function breakAccounts(
  project: Project,
  accounts: readonly Account[],
  how: { status: Status; reason?: string | undefined; webhook: boolean },
): string[] {
  const working = accounts.filter((account) => !account.deleted && account.status === 'ACTIVE');
  for (const account of working) project.setStatus(account, how.status, how.reason ?? REASONS[how.status] ?? null, how.webhook);
  return working.map(({ id }) => id);
}
