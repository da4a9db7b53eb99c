import { type History, isAcknowledged } from './history.js';
import type { State } from './state.js';
import type { Disturbance } from './trouble.js';

export interface Wait {
  readonly seconds: number;
  readonly what: string;
}

interface Handled {
  readonly ackedAt: number;
  readonly at: number;
  readonly what: string;
  readonly by: readonly string[];
}

/** A disturbance that comes so soon after another one meets a group that is still recovering. */
const CALM_MS = 20_000;
/** All processes of a service are killed one after the other, and yet at once. */
const TOGETHER_MS = 200;

export interface Waits {
  /** After a disturbance that met a service at rest. */
  readonly single: Wait;
  /** After one that met a service which was recovering from another. */
  readonly overlapping: Wait;
  /** After the network in front of a server was bad, and nothing else was. */
  readonly network: Wait;
  /** After a server was away for long, alone or with other faults. */
  readonly outage: Wait;
}

/**
 * The longest that an acknowledged event waited without any new disturbance of those who handle it: from its acknowledgement, or from the
 * end of the last disturbance before it was handled, whichever is later. Every event counts, not only the first one afterwards.
 */
export function longestWaits(history: History, state: State, disturbances: readonly Disturbance[]): Waits {
  const nothing: Wait = { seconds: 0, what: 'nothing waited' };
  const longest = { single: nothing, overlapping: nothing, network: nothing, outage: nothing };
  for (const { ackedAt, at, what, by } of handled(history, state)) {
    const before = disturbances.filter((one) => one.at <= at && (one.hits.includes('*') || one.hits.some((app) => by.includes(app))));
    const last = before.at(-1);
    // What began last need not have ended last: a broker may be away for longer than a process is stopped meanwhile.
    const over = before.reduce((latest, { until }) => Math.max(latest, until), 0);
    const seconds = (at - Math.max(ackedAt, over)) / 1000;
    const wait = { seconds, what: last && over > ackedAt ? `${what}, after: ${last.what}` : what };
    const kind = kindOf(before, last);
    if (seconds > longest[kind].seconds) longest[kind] = wait;
  }
  return longest;
}

function kindOf(before: readonly Disturbance[], last: Disturbance | undefined): keyof Waits {
  if (!last) return 'single';
  const recent = before.filter((one) => one.until > last.at - CALM_MS);
  if (recent.some(({ what }) => what.startsWith('outage'))) return 'outage';
  if (recent.some((one) => one.at < last.at - TOGETHER_MS)) return 'overlapping';
  return last.what.startsWith('network') ? 'network' : 'single';
}

function* handled({ cases }: History, state: State): Generator<Handled> {
  const told = new Map((state.topics.get('entity.created') ?? []).toReversed().map(({ key, at }) => [key, at]));
  for (const { user, shape, facts } of cases) {
    for (const fact of facts.filter(isAcknowledged)) {
      const ackedAt = fact.at;
      if (fact.topic === 'user.created' || shape === 'signed') {
        const by = shape === 'signed' ? ['identity', 'connections'] : ['connections'];
        const row = state.entities.get(user);
        if (row && shape !== 'deleted') yield { ackedAt: first(facts), at: row.at, what: 'user.created → row', by };
        const at = told.get(user);
        if (at !== undefined && shape !== 'deleted') yield { ackedAt: first(facts), at, what: 'user.created → entity.created', by };
      }
      if (fact.topic === 'agent.run.blocked') {
        const [row] = state.notifications.get(fact.about) ?? [];
        if (row) yield { ackedAt, at: row.at, what: 'agent.run.blocked → message', by: ['notifier'] };
      }
      const at = fact.topic === 'agent.run.requested' ? state.runs.get(fact.about) : undefined;
      if (at !== undefined) yield { ackedAt, at, what: 'agent.run.requested → row', by: ['agent-runner'] };
    }
  }
}

/** When the user was first told of: later versions find the row there. */
const first = (facts: readonly { topic: string; at: number; outcome: string }[]): number =>
  Math.min(...facts.filter(({ topic, outcome }) => /user/.test(topic) && outcome === 'acknowledged').map(({ at }) => at));
