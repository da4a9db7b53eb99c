import { type AccountRow, refuseForeign, sift } from '../accounts.js';
import { alarm } from '../alarms.js';
import type { Turn } from '../calls/calls.js';
import { continued, nextPlace, readCursor, writeCursor } from '../cursors.js';
import { OwnerMismatch, OwnerUnproven } from '../errors.js';
import type { Account, AccountFilter, AccountId, EntityId, Page } from '../port.js';
import { answerOf, options } from './client.js';
import { type CoreReader, listed } from './reader.js';
import { account, accountPage } from './shapes.js';

/** One page of one owner's accounts, or, without `owner`, of the whole project's: for the auditor's entry point alone. */
export async function listPage(reader: CoreReader, filter: AccountFilter & { owner?: EntityId }, turn: Turn): Promise<Page<Account>> {
  const { owner, statuses, apps, cursor, limit = 50 } = filter;
  const scope = ['core', owner ?? null, statuses ?? null, apps ?? null, limit];
  const at = readCursor(scope, cursor);
  const asked = statuses?.includes('UNKNOWN') ? undefined : statuses?.filter((status) => status !== 'UNKNOWN'); // not a word of theirs: sifted here
  const query = {
    account_type: 'ALL' as const,
    order_by: 'created_at' as const,
    order_direction: 'asc' as const,
    limit: Math.min(100, Math.max(1, limit)),
    ...(owner === undefined ? {} : { user_ids: [owner] }),
    ...(asked ? { statuses: asked } : {}),
    ...(apps ? { toolkit_slugs: apps } : {}),
    ...continued(at),
  };
  const answer = await reader.read(turn, 'account', accountPage, (how) =>
    answerOf(reader.client.connectedAccounts.list(query, options(how))),
  );
  const next = nextPlace(
    at,
    listed(answer, (row) => row.account.id),
  );
  return { items: sift(answer.items, filter), next: next && writeCursor(scope, next) };
}

/** A fresh read. With `owner`, one that is proven to be theirs. */
export async function readAccount(reader: CoreReader, id: AccountId, owner: EntityId | undefined, turn: Turn): Promise<Account> {
  const row = await reader.read(turn, 'account', account, (how) => answerOf(reader.client.connectedAccounts.retrieve(id, options(how))));
  if (owner === undefined) return row.account;
  refuseForeign(row, owner, 'getAccount');
  if (row.rawOwner === null) await proveOwner(reader, row, owner, turn);
  return { ...row.account, owner };
}

/** For an answer that does not name the owner: asked for this owner's accounts with this id, exactly that one comes back, or it is not theirs. */
async function proveOwner(reader: CoreReader, row: AccountRow, owner: EntityId, turn: Turn): Promise<void> {
  const query = { account_type: 'ALL' as const, user_ids: [owner], connected_account_ids: [row.account.id], limit: 10 };
  const { items } = await reader.read(turn, 'account', accountPage, (how) =>
    answerOf(reader.client.connectedAccounts.list(query, options(how))),
  );
  for (const found of items) refuseForeign(found, owner, 'getAccount');
  if (items.length === 0) {
    alarm({ kind: 'owner-mismatch', during: 'getAccount' });
    throw new OwnerMismatch();
  }
  // More rows, or another one, mean that a filter was ignored: then this list proves nothing.
  if (items.length > 1 || items[0]?.account.id !== row.account.id) throw new OwnerUnproven();
}
