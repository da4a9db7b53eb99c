import type { Verdict } from './checker.js';
import type { Errands } from './errands.js';
import type { History } from './history.js';
import { longestWaits, type Wait } from './recovery.js';
import type { State } from './state.js';
import type { Trouble } from './trouble.js';

/** Seconds. The group's session time-out and five seconds. */
const SINGLE_BAR = 20;
/** A request that nobody answers is given up after 20 s, and then its member may have to join anew. */
const NETWORK_BAR = 45;
/** A member that dies while its group is joining costs the rebalance time-out and another session time-out. */
const OVERLAPPING_BAR = 60;

interface Report {
  readonly kills: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  readonly goodDeadLettered: number;
  readonly maxRecoverySeconds: number;
  readonly seed: number;
}
export interface Outcome {
  readonly report: Report;
  /** Each violation in words, at most a few of a kind. */
  readonly violations: readonly string[];
  /** Lines of a table: what, how much. */
  readonly notes: readonly (readonly [string, string])[];
}

export interface Reckoning {
  readonly seed: number;
  readonly history: History;
  readonly errands: Errands;
  readonly broken: number;
  readonly state: State;
  readonly verdict: Verdict;
  readonly settledMs: number;
  readonly trouble: Trouble;
  readonly allReady: boolean;
  readonly seconds: number;
}

export function reckon(all: Reckoning): Outcome {
  const { seed, history, state, verdict, trouble, allReady } = all;
  const waits = longestWaits(history, state, trouble.disturbances);
  const violations = Object.entries(verdict).flatMap(([kind, list]: [string, string[]]) =>
    list.slice(0, 5).map((one) => `${kind}: ${one}`),
  );
  const bar = (what: string, wait: Wait, seconds: number) => {
    if (wait.seconds >= seconds) violations.push(`recovery ${what}: ${said(wait)}`);
  };
  bar('from one fault', waits.single, SINGLE_BAR);
  bar('from the network', waits.network, NETWORK_BAR);
  bar('from overlapping faults', waits.overlapping, OVERLAPPING_BAR);
  bar('from an outage', waits.outage, OVERLAPPING_BAR);
  if (state.waiting > 0) violations.push(`unsettled: ${state.waiting} events still wait in an outbox or behind a parked key`);
  if (!allReady) violations.push('recovery: not all services came back within 90 s');
  return {
    report: {
      kills: trouble.kills,
      acknowledged: history.acknowledged,
      lost: verdict.lost.length,
      doubled: verdict.doubled.length,
      outOfOrder: verdict.outOfOrder.length,
      goodDeadLettered: verdict.goodDeadLettered.length,
      maxRecoverySeconds: Math.round(waits.single.seconds * 10) / 10,
      seed,
    },
    violations,
    notes: notesOf(all, waits),
  };
}

function notesOf(
  { history, errands, broken, state, verdict, settledMs, trouble, seconds }: Reckoning,
  waits: ReturnType<typeof longestWaits>,
): Outcome['notes'] {
  const calls = [...state.calls.values()].flat();
  const unknown = calls.filter((one) => one === 'unknown').length;
  return [
    ['seconds of trouble', `${seconds}`],
    ...[...trouble.counts].sort().map(([what, count]) => [what, `${count}`] as const),
    ['ended by themselves and were started again', `${trouble.ownEnds}`],
    ['never answered, so allowed to have happened or not', `${history.unknown}`],
    ['users', `${history.cases.length}`],
    ['dead letters of bad events', `${state.letters.length - verdict.goodDeadLettered.length}`],
    ['runs with a tool call; calls by the journal', `${errands.all.length}; ${calls.length}, of them ${unknown} unknown`],
    ['connections that broke at the provider', `${broken}`],
    ['longest wait after one fault', said(waits.single)],
    ['… of the network', said(waits.network)],
    ['… that met a service still recovering from another', said(waits.overlapping)],
    ['… a long outage', said(waits.outage)],
    ['settled so long after the load', `${(settledMs / 1000).toFixed(0)} s`],
  ];
}

const said = ({ seconds, what }: Wait): string => `${seconds.toFixed(1)} s (${what})`;
