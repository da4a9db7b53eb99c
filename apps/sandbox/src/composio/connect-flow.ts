import { randomBytes } from 'node:crypto';
import { type Account, ATTEMPT_MS, isUnfinished, shortId } from './account.js';
import { badRequest, ComposioError, noSuchAccount } from './errors.js';
import type { AuthConfig, Link, Project } from './project.js';
import type { Projects } from './projects.js';

export interface Attempt {
  account: Account;
  link: Link;
}
export type Decision = 'allow' | 'deny' | 'fail' | 'leave';

/** Two calls make two attempts, as there: nothing is idempotent about it. */
export function startAttempt(
  project: Project,
  wish: { config: AuthConfig; owner: string; callbackUrl: string | null; alias?: string | null; via: Account['via'] },
): Attempt {
  const { config, owner, callbackUrl, via, alias = null } = wish;
  if (project.settings.verifierUrl && isNobody(owner))
    throw badRequest('user_id must name a user when callback identity verification is on');
  if (owner.trim() === '') throw badRequest('user_id must not be empty');
  if (alias && project.accounts.select({ owners: [owner], apps: [config.app], sharing: 'ALL' }).some((other) => other.alias === alias)) {
    throw badRequest(`Alias "${alias}" is already used by this user for ${config.app}`);
  }
  const account = revived(project, owner, config) ?? project.addAccount({ owner, app: config.app, authConfigId: config.id, via });
  project.accounts.change(account, { alias, via }, project.clock.now());
  return { account, link: restartAttempt(project, account, callbackUrl) };
}

/** The ten minutes begin, with a new link. */
export function restartAttempt(project: Project, account: Account, callbackUrl: string | null): Link {
  const unfinishedUntil = project.clock.now() + ATTEMPT_MS;
  project.accounts.change(account, { callbackUrl, unfinishedUntil }, project.clock.now());
  project.setStatus(account, account.via === 'link' ? 'INITIALIZING' : 'INITIATED');
  project.endUnfinished(account);
  const link: Link = { token: shortId('lk'), accountId: account.id, expiresAt: unfinishedUntil, decided: false, browser: null };
  project.links.set(link.token, link);
  return link;
}

/** Opening the page is what makes INITIALIZING into INITIATED. Null: the link is too old, or used. */
export function openLink(project: Project, link: Link): Account | null {
  const account = project.accounts.live(link.accountId);
  if (!account || !isUnfinished(account) || link.decided || project.clock.now() >= link.expiresAt) return null;
  if (account.status === 'INITIALIZING') project.setStatus(account, 'INITIATED');
  return account;
}

/** What the person did at the provider, and where the browser goes next; null where it stays. */
export function decide(project: Project, link: Link, account: Account, decision: Decision, identity: string): URL | null {
  if (decision === 'leave') return null;
  link.decided = true;
  if (decision === 'deny') return callback(account, { status: 'failed', error: 'access_denied' });
  project.accounts.change(account, { identity }, project.clock.now());
  if (project.settings.verifierUrl) {
    const sessionUri = `session_${randomBytes(24).toString('base64url')}`;
    const expiresAt = project.clock.now() + ATTEMPT_MS;
    project.sessions.set(sessionUri, { accountId: account.id, expiresAt, redeemed: false, exchangeFails: decision === 'fail' });
    const verifier = new URL(project.settings.verifierUrl);
    verifier.search = new URLSearchParams({ session_uri: sessionUri }).toString();
    return verifier;
  }
  if (decision === 'fail') {
    project.setStatus(account, 'FAILED', 'TOKEN_EXCHANGE_FAILED: the provider refused the exchange');
    return callback(account, { status: 'failed', error: 'token_exchange_failed' });
  }
  project.setStatus(account, 'ACTIVE');
  return callback(account, { status: 'success' });
}

/** Redeems the session first and compares the owner then: whoever comes second, or with the wrong user, finds it burnt. */
export function completeAuth(projects: Projects, asker: Project, sessionUri: string, userId: string): Account {
  const project = projects.withSession(sessionUri);
  const session = project?.sessions.get(sessionUri);
  if (!project || !session || session.redeemed || project.clock.now() >= session.expiresAt) throw gone('auth session not found or expired');
  session.redeemed = true;
  const account = project.accounts.live(session.accountId);
  if (!account || project !== asker) throw noSuchAccount(session.accountId);
  if (!isUnfinished(account)) throw gone('auth session not found or expired');
  if (account.owner !== userId) {
    project.setStatus(account, 'FAILED', 'IDENTITY_VERIFICATION_FAILED');
    throw new ComposioError(400, 612, 'ConnectedAccount_IdentityMismatch', 'identity mismatch');
  }
  if (session.exchangeFails) {
    project.setStatus(account, 'FAILED', 'TOKEN_EXCHANGE_FAILED: the provider refused the exchange');
    throw gone('authorization expired, restart the flow');
  }
  project.setStatus(account, 'ACTIVE');
  return account;
}

const gone = (message: string) => new ComposioError(404, 611, 'ConnectedAccount_AuthSessionNotFound', message);

const isNobody = (owner: string): boolean => owner.trim() === '' || owner.trim().toLowerCase() === 'default';

function revived(project: Project, owner: string, config: AuthConfig): Account | undefined {
  if (project.settings.reconnect === 'new') return undefined;
  const former = project.accounts.select({ owners: [owner], authConfigIds: [config.id], sharing: 'ALL' });
  return former.find((account) => account.status !== 'ACTIVE' && !isUnfinished(account));
}

/** The caller's own parameters are kept. Legacy flows know the names of v1, too. */
function callback(account: Account, outcome: { status: 'success' | 'failed'; error?: string }): URL | null {
  if (!account.callbackUrl) return null;
  const url = new URL(account.callbackUrl);
  for (const [name, value] of Object.entries(outcome)) url.searchParams.set(name, value);
  url.searchParams.set('connected_account_id', account.id);
  if (account.via === 'legacy') {
    url.searchParams.set('connectionStatus', outcome.status);
    url.searchParams.set('connectedAccountId', account.uuid);
  }
  return url;
}
