import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATA, freePortMap, type Processes, postgresHome, type Stack, startStack } from '@gatehouse/local';
import { Issuer } from '../issuer.js';
import { Provider } from '../provider.js';
import { check, type Verdict } from './checker.js';
import { clockOf } from './clocks.js';
import { Errands } from './errands.js';
import { History } from './history.js';
import { Incidents } from './incidents.js';
import { Load } from './load.js';
import { Network } from './network.js';
import type { Outside } from './outside.js';
import { connectPeople } from './people.js';
import { Random } from './random.js';
import { type Outcome, reckon } from './report.js';
import { readState, type State } from './state.js';
import { Trouble } from './trouble.js';

/** A sweep may be due, and a run may have to be taken up again. */
const SETTLE_MS = 90_000;
/** People who ask for posts, and people whose connection will break. */
const ERRAND_PEOPLE = 4;
const INCIDENTS = 6;

export interface CampaignOptions {
  readonly seed: number;
  /** Ends after so many kills … */
  readonly kills: number;
  /** … or after so many seconds of trouble, whatever comes first. */
  readonly seconds: number;
  readonly replicas?: number;
  /** Also the broker away for a minute, and Postgres for half of one. */
  readonly outages?: boolean;
  /** How long what is missing may take to turn up (90 s). */
  readonly settleMs?: number;
  readonly log: (line: string) => void;
  readonly onProcesses?: (processes: Processes) => void;
}

interface Arena extends CampaignOptions {
  readonly stack: Stack;
  readonly network: Network;
  readonly issuer: Issuer;
}

/** A system of its own under load and under fire, then the reckoning. Stops all that it started, whatever happens. */
export async function campaign(options: CampaignOptions): Promise<Outcome> {
  const { log, replicas = 2 } = options;
  const dataDir = join(DATA, `test-faults-${randomUUID().slice(0, 8)}`);
  const began = Date.now();
  const ports = await freePortMap();
  const network = await Network.start(ports);
  const issuer = await Issuer.start();
  let stack: Stack | undefined;
  let kept = true;
  try {
    stack = await startStack({
      dataDir,
      ports,
      replicas,
      between: network.between,
      envOf: clockOf,
      log: () => {},
      env: { ...SETTINGS, AUTH_TRUSTED_ISSUERS: issuer.setting },
      ...(options.onProcesses && { onProcesses: options.onProcesses }),
    });
    log(`${replicas} of each service are up (${seconds(began)} s); seed ${options.seed}`);
    const outcome = await fight({ ...options, stack, network, issuer });
    kept = outcome.violations.length > 0;
    if (kept) log(`The logs are in ${join(dataDir, 'logs')} until the next test run.`);
    return outcome;
  } finally {
    await stack?.stop();
    await Promise.all([network.stop(), issuer.close()]);
    if (!kept) for (const path of new Set([postgresHome(dataDir), dataDir])) rmSync(path, { recursive: true, force: true });
  }
}

/** A sweep asks often and in many small pages, so that it is killed in the middle of one. */
const SETTINGS = {
  DIGEST_MINUTES: '1440',
  RATE_LIMIT_PER_MINUTE: '100000',
  SWEEP_INTERVAL_SECONDS: '10',
  SWEEP_PAGE_SIZE: '2',
  LOG_LEVEL: 'warn',
};

async function fight(arena: Arena): Promise<Outcome> {
  const { seed, kills, seconds: limit, replicas = 2, outages = false, settleMs, log, stack, network, issuer } = arena;
  const random = new Random(seed);
  const history = new History();
  const gateways = Object.entries(stack.urls).flatMap(([name, url]) => (/^gateway(-\d+)?$/.test(name) ? [url] : []));
  const people = await connectPeople(stack, gateways, issuer, ERRAND_PEOPLE + INCIDENTS);
  const load = new Load({ brokers: stack.brokers, gateways, productKey: stack.secrets.productKey }, history, random.fork());
  const errands = new Errands(people.slice(0, ERRAND_PEOPLE), random.fork());
  const provider = new Provider(stack.urls.sandbox ?? '');
  const trouble = new Trouble({ stack, network, replicas, outages }, random.fork(), kills);
  const incidents = new Incidents(people.slice(ERRAND_PEOPLE), provider, trouble, random.fork());
  const began = Date.now();
  trouble.onKill = (count) => {
    if (count % 10 === 0)
      log(`${count} kills after ${seconds(began)} s; ${history.acknowledged} events acknowledged, ${history.unknown} unknown`);
  };
  try {
    load.start();
    errands.start();
    trouble.start();
    incidents.start();
    while (!trouble.done && Date.now() - began < limit * 1000) await sleep(100);
    await trouble.stop();
    await incidents.stop();
    const fought = Math.round((Date.now() - began) / 1000);
    const allReady = await trouble.supervisor.allReady(90_000);
    await Promise.all([load.stop(60_000), errands.stop(90_000)]);
    log(`${trouble.kills} kills in ${fought} s; ${history.acknowledged} events acknowledged. Settling …`);
    const outside = async () => ({ errands: errands.all, effects: await provider.effects(), broken: incidents.broken });
    const settling = await settled(stack, history, outside, settleMs);
    return reckon({ seed, history, errands, broken: incidents.broken.size, ...settling, trouble, allReady, seconds: fought });
  } finally {
    await trouble.stop();
    await trouble.supervisor.stop();
    await Promise.all([load.stop(0), errands.stop(0), incidents.stop()]);
  }
}

interface Settled {
  state: State;
  verdict: Verdict;
  settledMs: number;
}

/** Looks until nothing is missing any more, for what is on its way is not lost; what should not be there never goes away. */
async function settled(stack: Stack, history: History, outside: () => Promise<Outside>, patienceMs = SETTLE_MS): Promise<Settled> {
  const began = Date.now();
  for (;;) {
    const state = await readState(stack.adminUrl, stack.brokers);
    const verdict = check(history, state, await outside());
    const settledMs = Date.now() - began;
    if ((verdict.lost.length === 0 && state.waiting === 0) || settledMs > patienceMs) return { state, verdict, settledMs };
    await sleep(1_000);
  }
}

const seconds = (since: number): string => ((Date.now() - since) / 1000).toFixed(0);
