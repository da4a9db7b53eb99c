import type { Account } from '@gatehouse/composio';
import { brokenAs, reasonOf } from '../sweep/broken-as.js';
import type { DriftKind } from './drift-report.entity.js';

export interface Watcher {
  id: string;
  userId: string;
  app: string;
  state: 'active' | 'broken' | 'removed';
}
export interface Difference {
  kind: DriftKind;
  accountId: string;
  connectionId: string | null;
  userId: string | null;
  app: string;
  says: string;
  /** A direct read may lead to the ordinary transition: `active → broken`. */
  curable: boolean;
}

/** Longer than a connect link lives (ten minutes) and than an activation takes: a younger account may still be an attempt of somebody's. */
const ATTEMPT_MS = 15 * 60_000;

/** What is wrong between one of Composio's accounts and those of our connections that name it. `sibling`: its owner has another active connection of the app. */
export function judgeAccount(
  account: Account,
  watchers: readonly Watcher[],
  { now, sibling }: { now: Date; sibling: boolean },
): Difference[] {
  const active = watchers.filter(({ state }) => state === 'active');
  if (active.length === 0) return judgeUnwatched(account, watchers, { now, sibling });
  const found = active.flatMap((watcher) => judgeWatched(account, watcher));
  const [first, ...others] = active;
  if (first && others.length > 0)
    found.push(difference('duplicate', account, first, `${active.length} active connections have this account`));
  return found;
}

function judgeWatched(account: Account, watcher: Watcher): Difference[] {
  if (account.owner !== null && account.owner !== watcher.userId)
    return [difference('wrong_owner', account, watcher, 'Composio names another owner', true)];
  const broken = brokenAs(account);
  if (broken) return [difference('wrong_status', account, watcher, `active here, ${broken} at Composio: ${reasonOf(account)}`, true)];
  return account.status === 'ACTIVE' ? [] : [difference('wrong_status', account, watcher, `active here, ${account.rawStatus} at Composio`)];
}

/** An account that could not act for anybody is nobody's loss: abandoned attempts and lost grants stay in Composio's list for ever. */
function judgeUnwatched(account: Account, watchers: readonly Watcher[], { now, sibling }: { now: Date; sibling: boolean }): Difference[] {
  const usable = (account.status === 'ACTIVE' || account.status === 'UNKNOWN') && !account.disabled;
  if (!usable || now.getTime() - account.createdAt.getTime() < ATTEMPT_MS) return [];
  const broken = watchers.find(({ state }) => state === 'broken');
  if (broken) return [difference('wrong_status', account, broken, `broken here, ${account.rawStatus} at Composio`)];
  const [removed] = watchers;
  if (removed) return [difference('extra', account, removed, `removed here, ${account.rawStatus} at Composio`)];
  const owner = { id: null, userId: account.owner };
  if (sibling) return [difference('duplicate', account, owner, 'a second account beside the one in use, known to nobody here')];
  return [difference('extra', account, owner, `${account.rawStatus} at Composio, known to nobody here`)];
}

const difference = (
  kind: DriftKind,
  account: Account,
  { id, userId }: { id: string | null; userId: string | null },
  says: string,
  curable = false,
): Difference => ({ kind, accountId: account.id, connectionId: id, userId, app: account.app, says: says.slice(0, 500), curable });
