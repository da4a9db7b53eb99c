import type { Account } from './account.js';
import { ComposioError } from './errors.js';
import type { Project } from './project.js';

/** Revokes at the provider, as far as the app can (settings). Returns what died; nothing when it was revoked already. */
export function revoke(project: Project, account: Account): string[] {
  const support = project.settings.revoke[account.app] ?? 'supported';
  if (account.status === 'REVOKED') return [];
  if (support === 'not-supported') {
    throw new ComposioError(400, 620, 'ConnectedAccount_RevokeNotSupported', `${account.app} does not support revocation`);
  }
  if (account.status !== 'ACTIVE') {
    throw new ComposioError(
      409,
      621,
      'ConnectedAccount_InvalidState',
      `Connected account is ${account.status}, neither ACTIVE nor REVOKED`,
    );
  }
  if (support === 'fails') throw new ComposioError(500, 622, 'ConnectedAccount_RevokeFailed', 'Nothing could be revoked');
  project.setStatus(account, 'REVOKED', 'Revoked at the provider');
  return ['access_token', 'refresh_token'];
}
