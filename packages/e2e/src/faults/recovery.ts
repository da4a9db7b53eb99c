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

/**
 * The longest that an acknowledged event waited without any new disturbance of those who handle it: from its acknowledgement, or from the
 * last disturbance before it was handled, whichever is later. Stricter than "the first event afterwards": every event counts.
 */
export function longestWait(history: History, state: State, disturbances: readonly Disturbance[]): Wait {
  let longest: Wait = { seconds: 0, what: 'nothing waited' };
  for (const { ackedAt, at, what, by } of handled(history, state)) {
    const last = disturbances.filter((one) => one.at <= at && (one.hits.includes('*') || one.hits.some((app) => by.includes(app)))).at(-1);
    const seconds = (at - Math.max(ackedAt, last?.at ?? 0)) / 1000;
    if (seconds > longest.seconds) longest = { seconds, what: last && last.at > ackedAt ? `${what}, after: ${last.what}` : what };
  }
  return longest;
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
