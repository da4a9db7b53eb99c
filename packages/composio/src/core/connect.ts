import { judge, noTrust, parse, type Question, said } from '../calls/answers.js';
import type { Turn } from '../calls/calls.js';
import { completeAuth, linkOf, tenMinutesOn } from '../connect.js';
import { accountId } from '../entity-id.js';
import { Misconfigured } from '../errors.js';
import type { AccountId, App, EntityId, StartedConnection } from '../port.js';
import { authConfigOf, isOAuth } from './apps.js';
import { answerOf, options } from './client.js';
import type { CoreReader } from './reader.js';
import { initiated, started } from './shapes.js';

const START: Question = { kind: 'write', api: 'v3', missing: 'authConfig' };

interface Start {
  owner: EntityId;
  app: App;
  returnTo: URL;
}

/** Managed apps and keys by a link; the operator's own OAuth app by `initiate`, and by a link where Composio has withdrawn that. */
export async function start(reader: CoreReader, r: Start, turn: Turn): Promise<StartedConnection> {
  const config = await authConfigOf(reader, r.app, turn);
  if (config.is_composio_managed !== false || !isOAuth(config.auth_scheme)) return startByLink(reader, r, config.id, turn);
  try {
    return await startByInitiate(reader, r, config.id, turn);
  } catch (error) {
    if (error instanceof Misconfigured && error.composioCode === 600) return startByLink(reader, r, config.id, turn);
    throw error;
  }
}

async function startByLink(reader: CoreReader, r: Start, authConfigId: string, turn: Turn): Promise<StartedConnection> {
  const body = { auth_config_id: authConfigId, user_id: r.owner, callback_url: r.returnTo.href };
  const answer = await reader.calls.once(turn, START, (how) => answerOf(reader.client.link.create(body, options(how))));
  judge(answer, START);
  const link = parse(started, answer, START);
  return {
    accountId: accountId(link.connected_account_id),
    redirectUrl: linkOf(link.redirect_url, reader.config),
    expiresAt: link.expires_at,
    via: 'link',
  };
}

async function startByInitiate(reader: CoreReader, r: Start, authConfigId: string, turn: Turn): Promise<StartedConnection> {
  const body = { auth_config: { id: authConfigId }, connection: { user_id: r.owner, callback_url: r.returnTo.href } };
  const answer = await reader.calls.once(turn, START, (how) => answerOf(reader.client.connectedAccounts.create(body, options(how))));
  judge(answer, START);
  const attempt = parse(initiated, answer, START);
  const url = attempt.redirect_url ?? attempt.connectionData?.val?.redirectUrl;
  if (!url) throw noTrust(START, 'Composio gave no link to the provider', said(answer));
  return { accountId: accountId(attempt.id), redirectUrl: linkOf(url, reader.config), expiresAt: tenMinutesOn(), via: 'initiate' };
}

export function complete(
  reader: CoreReader,
  r: { sessionUri: string; signedIn: EntityId },
  turn: Turn,
): Promise<{ accountId: AccountId; app: App }> {
  return completeAuth(reader.calls, r, turn, (path, body, how) => answerOf(reader.client.post(path, { body, ...options(how) })));
}
