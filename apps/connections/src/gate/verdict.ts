import type { Blocker, PinnedAccount, Verdict } from '@gatehouse/contracts';
import { appName } from '@gatehouse/contracts';
import { type OpenSwitch, stops } from '@gatehouse/switches';

/** What the gate knows of one connection. */
export interface GateConnection {
  id: string;
  app: string;
  alias: string;
  state: 'pending' | 'active' | 'broken' | 'unknown' | 'not_finished' | 'removing' | 'removed';
  accountId: string | null | undefined;
  epoch: number;
  /** Of several accounts of an app the one that runs use, unless they name another. */
  isDefault: boolean;
  /** It was active once, be it now or before. */
  wasConnected: boolean;
  /** Seconds since 1970. */
  createdAt: number;
}

export interface GateQuestion {
  userId: string;
  deleted: boolean;
  /** What operators have stopped that concerns this question. */
  switches: readonly Pick<OpenSwitch, 'scope' | 'target'>[];
  required: readonly string[];
  optional: readonly string[];
  /** App → the alias of the account that is meant. */
  aliases?: Readonly<Record<string, string>>;
  connections: readonly GateConnection[];
  publicUrl: string;
}

/** May this user run with these apps? Pure: everything it knows is in the question, and what it does not know is a no. */
export function verdictOf({ userId, deleted, switches, required, optional, aliases, connections, publicUrl }: GateQuestion): Verdict {
  const accounts: PinnedAccount[] = [];
  const blockers: Blocker[] = [];
  const missing = new Set<string>();
  for (const app of new Set([...required, ...optional])) {
    const paused = stops(switches, app);
    const connection =
      deleted || paused
        ? undefined
        : chosenOf(
            connections.filter((one) => one.app === app),
            aliases?.[app],
          );
    if (connection !== 'ambiguous' && connection?.state === 'active' && connection.accountId) {
      const { id, alias, accountId, epoch } = connection;
      accounts.push({ app, connectionId: id, accountId, owner: userId, alias: alias || null, epoch });
    } else {
      missing.add(app);
      blockers.push(blockerFor(app, deleted ? 'user_deleted' : paused ? 'paused' : stateOf(connection), publicUrl));
    }
  }
  const blocked = required.some((app) => missing.has(app));
  return { verdict: blocked ? 'blocked' : blockers.length ? 'degraded' : 'ready', userId, accounts, blockers };
}

/**
 * The account that is meant: by its alias, or else the default one. If it is broken the run waits: another account is never used silently.
 * With several and no default it is for the user to choose. Without one that ever was connected, the latest attempt says why.
 */
function chosenOf(connections: readonly GateConnection[], alias?: string): GateConnection | 'ambiguous' | undefined {
  const there = connections.filter(({ state }) => state !== 'removed');
  if (alias !== undefined) return there.find((one) => one.alias === alias);
  const connected = there.filter(({ state, wasConnected }) => wasConnected && state !== 'removing');
  const [first, second] = connected;
  if (first) return connected.find(({ isDefault }) => isDefault) ?? (second ? 'ambiguous' : first);
  return there.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)).at(-1);
}

function stateOf(connection: GateConnection | 'ambiguous' | undefined): Blocker['state'] {
  if (connection === 'ambiguous') return connection;
  if (!connection || connection.state === 'removed') return 'not_connected';
  return connection.state === 'active' ? 'unknown' : connection.state;
}

function blockerFor(app: string, state: Blocker['state'], publicUrl: string): Blocker {
  return { app, state, message: messageFor(appName(app), state), connectUrl: `${publicUrl}/settings/integrations/${app}` };
}

function messageFor(name: string, state: Blocker['state']): string {
  if (state === 'paused') return pausedMessage(name);
  if (state === 'ambiguous') return `You have several ${name} accounts. Please choose the default one in Settings > Integrations.`;
  if (state === 'broken' || state === 'unknown') return `Your ${name} connection has expired. Please reconnect in Settings > Integrations.`;
  return `Please connect your ${name} account first in Settings > Integrations.`;
}

/** Nobody but an operator can do anything about it, so it asks for nothing. */
export const pausedMessage = (name: string): string => `${name} is paused for now.`;
