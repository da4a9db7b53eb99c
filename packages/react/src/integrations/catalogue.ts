import { type AppInfoView, appName, type ConnectionView } from '@gatehouse/contracts';
import type { Attempts } from '../connecting.js';
import { type Group, groupOf, mostUrgent, type UiState, uiState } from './state.js';

export type Filter = 'all' | 'connected' | 'attention';

/** One app in the list, with the accounts that a person has there. */
export interface Entry {
  app: string;
  info: AppInfoView;
  connections: ConnectionView[];
  /** The account that the card speaks of. */
  main: ConnectionView | undefined;
  state: UiState;
}
export type Groups = Readonly<Record<Group, Entry[]>>;

interface Known {
  /** A page or more of the catalogue, and the apps of the connections. */
  listed: readonly AppInfoView[];
  named: readonly AppInfoView[];
  connections: readonly ConnectionView[];
  attempts: Attempts;
}

/** Apps in their groups, each in the order of names. What is connected is shown whether or not its page of the catalogue was read. */
export function groups({ listed, named, connections, attempts }: Known, find: string): Groups {
  const infos = new Map([...connections.map(({ app }) => unlisted(app)), ...listed, ...named].map((info) => [info.app, info]));
  const wanted = find.trim().toLowerCase();
  const found: Record<Group, Entry[]> = { attention: [], connected: [], available: [] };
  for (const info of infos.values()) {
    if (wanted && !info.name.toLowerCase().includes(wanted) && !info.app.includes(wanted)) continue;
    const entry = entryOf(info, connections, attempts);
    found[groupOf(entry.state)].push(entry);
  }
  for (const list of Object.values(found)) list.sort((a, b) => rank(a) - rank(b) || a.info.name.localeCompare(b.info.name));
  return found;
}

export function entryOf(info: AppInfoView, connections: readonly ConnectionView[], attempts: Attempts): Entry {
  const own = connections.filter(({ app }) => app === info.app);
  const main = mostUrgent(own);
  return { app: info.app, info, connections: own, main, state: uiState(main, attempts.get(info.app)) };
}

/** An app that the catalogue does not have (any more), or not yet. */
export const unlisted = (app: string): AppInfoView => ({
  app,
  name: appName(app),
  logo: null,
  categories: [],
  connectable: true,
  whyNot: null,
  paused: false,
});

/** The app that was meant by a name that nothing is called by: at most two letters away. */
export function meant(find: string, apps: readonly AppInfoView[]): AppInfoView | undefined {
  const wanted = find.trim().toLowerCase();
  const near = apps.map((info) => ({ info, steps: distance(wanted, info.name.toLowerCase()) })).sort((a, b) => a.steps - b.steps)[0];
  return near && wanted.length > 2 && near.steps <= 2 ? near.info : undefined;
}

/** What is under way comes first among what is not connected. */
const rank = ({ state }: Entry): number => (state === 'not_connected' ? 1 : 0);

/** Letters to change, add or leave out, to get from one word to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
