import { z } from 'zod';
import { refuseForeign, sift } from '../accounts.js';
import { judge, parse, type Question, said } from '../calls/answers.js';
import type { Turn } from '../calls/calls.js';
import { readCursor, writeCursor } from '../cursors.js';
import { NotFound, OwnerUnproven } from '../errors.js';
import type { Account, AccountFilter, AccountId, EntityId, Page, Removal } from '../port.js';
import { readRevoke } from '../revoke.js';
import { answerOf } from './client.js';
import { type LegacyReader, nextPage } from './reader.js';
import { account, accountPage } from './shapes.js';

/** Every page, filtered here: the SDK's own filter throws for EXPIRED, so `statuses` costs as many pages as no filter. */
export async function listPage(reader: LegacyReader, filter: AccountFilter & { owner?: EntityId }, turn: Turn): Promise<Page<Account>> {
  const { owner, statuses, apps, cursor, limit = 50 } = filter;
  const scope = ['legacy', owner ?? null, statuses ?? null, apps ?? null, limit];
  const at = readCursor(scope, cursor);
  const params = {
    page: at.page,
    pageSize: Math.min(100, Math.max(1, limit)),
    ...(owner === undefined ? {} : { user_uuid: owner }),
    ...(apps ? { appNames: apps.join(',') } : {}),
  };
  const answer = await reader.read(turn, 'account', accountPage, () => reader.client.http.get('/api/v1/connectedAccounts', { params }));
  const next = nextPage(
    at,
    answer.items.map((row) => row.account.id),
    answer.totalPages,
  );
  return { items: sift(answer.items, filter), next: next && writeCursor(scope, next) };
}

export async function readAccount(reader: LegacyReader, id: AccountId, owner: EntityId | undefined, turn: Turn): Promise<Account> {
  const row = await reader.read(turn, 'account', account, () => reader.client.sdk.connectedAccounts.get({ connectedAccountId: id }));
  if (owner === undefined) return row.account;
  refuseForeign(row, owner, 'getAccount');
  if (row.rawOwner === null) throw new OwnerUnproven();
  return row.account;
}

const REMOVE: Question = { kind: 'write', api: 'v1', missing: 'account' };

/** Revocation exists only on v3.1, so only for an account whose `ca_…` id is known. */
export async function remove(reader: LegacyReader, r: { id: AccountId; owner: EntityId; revoke: boolean }, turn: Turn): Promise<Removal> {
  let found: Account;
  try {
    found = await readAccount(reader, r.id, r.owner, turn);
  } catch (error) {
    // Gone already: whether an earlier try revoked it is not known any more, and nothing better than "failed" may be said.
    if (error instanceof NotFound)
      return { revoke: r.revoke ? 'failed' : 'not-asked', revokedTokens: [], revokeJobId: null, remove: 'already-gone' };
    throw error;
  }
  const revoked = r.revoke
    ? await revoke(reader, [r.id, found.id, ...found.otherIds], turn)
    : { revoke: 'not-asked' as const, revokedTokens: [] };
  const answer = await reader.calls.once(turn, REMOVE, (how) =>
    answerOf(how, () => reader.client.sdk.connectedAccounts.delete({ connectedAccountId: r.id })),
  );
  if (answer.status === 404 && said(answer).envelope) return { ...revoked, revokeJobId: null, remove: 'already-gone' };
  judge(answer, REMOVE);
  parse(z.object({}), answer, REMOVE);
  return { ...revoked, revokeJobId: null, remove: 'deleted' };
}

async function revoke(reader: LegacyReader, ids: readonly AccountId[], turn: Turn): Promise<Pick<Removal, 'revoke' | 'revokedTokens'>> {
  const id = ids.find((one) => one.startsWith('ca_'));
  if (!id) return { revoke: 'not-supported', revokedTokens: [] };
  return readRevoke(await reader.calls.once(turn, REMOVE, (how) => reader.post(`/api/v3.1/connected_accounts/${id}/revoke`, {}, how)));
}
