import type { Blocker, PinnedAccount, Verdict } from '@gatehouse/contracts';
import { appName } from '@gatehouse/contracts';

/** What the gate knows of one connection. */
export interface GateConnection {
  id: string;
  app: string;
  alias: string;
  state: 'pending' | 'active' | 'broken' | 'unknown' | 'not_finished' | 'removing' | 'removed';
  accountId: string | null | undefined;
  epoch: number;
  /** It was active once, be it now or before. */
  wasConnected: boolean;
  /** Seconds since 1970. */
  createdAt: number;
}

export interface GateQuestion {
  userId: string;
  deleted: boolean;
  required: readonly string[];
  optional: readonly string[];
  connections: readonly GateConnection[];
  publicUrl: string;
}

/** May this user run with these apps? Pure: everything it knows is in the question, and what it does not know is a no. */
export function verdictOf({ userId, deleted, required, optional, connections, publicUrl }: GateQuestion): Verdict {
  const accounts: PinnedAccount[] = [];
  const blockers: Blocker[] = [];
  const missing = new Set<string>();
  for (const app of new Set([...required, ...optional])) {
    const connection = deleted ? undefined : defaultOf(connections.filter((one) => one.app === app));
    if (connection?.state === 'active' && connection.accountId) {
      const { id, alias, accountId, epoch } = connection;
      accounts.push({ app, connectionId: id, accountId, owner: userId, alias: alias || null, epoch });
    } else {
      missing.add(app);
      blockers.push(blockerFor(app, deleted ? 'user_deleted' : stateOf(connection), publicUrl));
    }
  }
  const blocked = required.some((app) => missing.has(app));
  return { verdict: blocked ? 'blocked' : blockers.length ? 'degraded' : 'ready', userId, accounts, blockers };
}

/**
 * Of several accounts of an app the first that ever was connected is the one that runs use. If it is broken the run waits: another account
 * is never used silently. Without one that ever was connected, the latest attempt says why.
 */
function defaultOf(connections: readonly GateConnection[]): GateConnection | undefined {
  const byAge = connections.filter(({ state }) => state !== 'removed').sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return byAge.find(({ state, wasConnected }) => wasConnected && state !== 'removing') ?? byAge.at(-1);
}

function stateOf(connection: GateConnection | undefined): Blocker['state'] {
  if (!connection || connection.state === 'removed') return 'not_connected';
  return connection.state === 'active' ? 'unknown' : connection.state;
}

function blockerFor(app: string, state: Blocker['state'], publicUrl: string): Blocker {
  const name = appName(app);
  const lost = state === 'broken' || state === 'unknown';
  const message = lost
    ? `Your ${name} connection has expired. Please reconnect in Settings > Integrations.`
    : `Please connect your ${name} account first in Settings > Integrations.`;
  return { app, state, message, connectUrl: `${publicUrl}/settings/integrations/${app}` };
}
