import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATA, type Processes, postgresHome, type Stack, startStack } from '@gatehouse/local';
import { check, type Verdict } from './checker.js';
import { History } from './history.js';
import { Load } from './load.js';
import { Random } from './random.js';
import { longestWaits, type Wait } from './recovery.js';
import { readState, type State } from './state.js';
import { Trouble } from './trouble.js';

/** The group's session time-out and five seconds. */
const RECOVERY_BAR_SECONDS = 20;
/** A member that dies while its group is joining costs the rebalance time-out and another session time-out. */
const OVERLAPPING_BAR_SECONDS = 60;
const SETTLE_MS = 60_000;

export interface CampaignOptions {
  readonly seed: number;
  /** Ends after so many kills … */
  readonly kills: number;
  /** … or after so many seconds of trouble, whatever comes first. */
  readonly seconds: number;
  readonly replicas?: number;
  readonly log: (line: string) => void;
  readonly onProcesses?: (processes: Processes) => void;
}

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
  readonly notes: readonly string[];
}

/** A system of its own under load and under fire, then the reckoning. Stops all that it started, whatever happens. */
export async function campaign(options: CampaignOptions): Promise<Outcome> {
  const { log, replicas = 2 } = options;
  const dataDir = join(DATA, `test-faults-${randomUUID().slice(0, 8)}`);
  const began = Date.now();
  const stack = await startStack({
    dataDir,
    ports: 'free',
    replicas,
    log: () => {},
    env: { DIGEST_MINUTES: '1440', RATE_LIMIT_PER_MINUTE: '100000', SWEEP_INTERVAL_SECONDS: '30', LOG_LEVEL: 'warn' },
    ...(options.onProcesses && { onProcesses: options.onProcesses }),
  });
  let kept = false;
  try {
    log(`${replicas} of each service are up (${seconds(began)} s); seed ${options.seed}`);
    const outcome = await fight(stack, replicas, options);
    kept = outcome.violations.length > 0;
    if (kept) log(`The logs are in ${join(dataDir, 'logs')} until the next test run.`);
    return outcome;
  } catch (error) {
    kept = true;
    throw error;
  } finally {
    await stack.stop();
    if (!kept) for (const path of new Set([postgresHome(dataDir), dataDir])) rmSync(path, { recursive: true, force: true });
  }
}

async function fight(stack: Stack, replicas: number, { seed, kills, seconds: limit, log }: CampaignOptions): Promise<Outcome> {
  const began = Date.now();
  const random = new Random(seed);
  const history = new History();
  const gateways = Object.entries(stack.urls).flatMap(([name, url]) => (/^gateway(-\d+)?$/.test(name) ? [url] : []));
  const load = new Load({ brokers: stack.brokers, gateways, productKey: stack.secrets.productKey }, history, random.fork());
  const trouble = new Trouble(stack, replicas, random.fork(), kills);
  trouble.onKill = (count) => {
    if (count % 10 === 0)
      log(`${count} kills after ${seconds(began)} s; ${history.acknowledged} events acknowledged, ${history.unknown} unknown`);
  };
  try {
    load.start();
    trouble.start();
    while (!trouble.done && Date.now() - began < limit * 1000) await sleep(100);
    await trouble.stop();
    const allReady = await trouble.supervisor.allReady(90_000);
    await load.stop(60_000);
    log(`${trouble.kills} kills in ${seconds(began)} s; ${history.acknowledged} events acknowledged. Settling …`);
    const { state, verdict, settledMs } = await settled(stack, history);
    return reckon({ seed, history, state, verdict, settledMs, trouble, allReady });
  } finally {
    await trouble.stop();
    await trouble.supervisor.stop();
    await load.stop(0);
  }
}

/** Looks until nothing is missing any more, for what is on its way is not lost; what should not be there never goes away. */
async function settled(stack: Stack, history: History): Promise<{ state: State; verdict: Verdict; settledMs: number }> {
  const began = Date.now();
  for (;;) {
    const state = await readState(stack.adminUrl, stack.brokers);
    const verdict = check(history, state);
    const settledMs = Date.now() - began;
    if ((verdict.lost.length === 0 && state.waiting === 0) || settledMs > SETTLE_MS) return { state, verdict, settledMs };
    await sleep(1_000);
  }
}

interface Reckoning {
  seed: number;
  history: History;
  state: State;
  verdict: Verdict;
  settledMs: number;
  trouble: Trouble;
  allReady: boolean;
}

function reckon({ seed, history, state, verdict, settledMs, trouble, allReady }: Reckoning): Outcome {
  const { single, overlapping } = longestWaits(history, state, trouble.disturbances);
  const violations = Object.entries(verdict).flatMap(([kind, list]: [string, string[]]) =>
    list.slice(0, 5).map((one) => `${kind}: ${one}`),
  );
  if (single.seconds >= RECOVERY_BAR_SECONDS) violations.push(`recovery: ${said(single)}`);
  if (overlapping.seconds >= OVERLAPPING_BAR_SECONDS) violations.push(`recovery from overlapping faults: ${said(overlapping)}`);
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
      maxRecoverySeconds: Math.round(single.seconds * 10) / 10,
      seed,
    },
    violations,
    notes: [
      ...[...trouble.counts].sort().map(([what, count]) => `${what}: ${count}`),
      `ended by themselves and were started again: ${trouble.ownEnds}`,
      `never answered, so allowed to have happened or not: ${history.unknown}`,
      `users: ${history.cases.length}; dead letters of bad events: ${state.letters.length - verdict.goodDeadLettered.length}`,
      `longest wait after a single fault: ${said(single)}`,
      `longest wait after a fault that met a service still recovering from another: ${said(overlapping)}`,
      `all settled ${(settledMs / 1000).toFixed(0)} s after the load`,
    ],
  };
}

const said = ({ seconds, what }: Wait): string => `${seconds.toFixed(1)} s (${what})`;
const seconds = (since: number): string => ((Date.now() - since) / 1000).toFixed(0);
