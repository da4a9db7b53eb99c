import { OwnerMismatch, OwnerUnproven } from '@gatehouse/composio';
import type { Blocker } from '@gatehouse/contracts';
import { log } from '@gatehouse/runtime';
import { Injectable } from '@nestjs/common';
import { AgentGraph } from '../agent/graph.js';
import { config } from '../config.js';
import type { Claim } from '../queue/claim-run.js';
import { HandedBack, type Lease, LeaseLost, NotItsTurn, NotNow, RunFailure, RunStopped } from '../queue/lease.js';
import type { Wait } from '../tools/call-tool.js';
import { LetGoRun, type Result } from './let-go-run.js';
import { PrepareRun } from './prepare-run.js';
import { DAY_MS } from './run.entity.js';
import type { RunInHand } from './run-in-hand.js';

/** The event that wakes a blocked run may have gone by while it was being parked. */
const RECHECK_BLOCKED_MS = 5_000;
/** The auditor looks at a refused account first; until then the gate still says that it is fine. */
const RECHECK_REFUSED_MS = 60_000;
/** Never: the gate does not know our switches, and whoever lifts one wakes what waits for it. */
const RECHECK_PAUSED_MS = DAY_MS;

/** What the worker knows of a run that it holds. */
export interface Hold {
  readonly signal: AbortSignal;
  /** Milliseconds of work since it was last asked. */
  takeActiveMs(): number;
}

/** One claim of a run: from the gate to where it ends, or has to wait. */
@Injectable()
export class ExecuteRun {
  constructor(
    private readonly prepareRun: PrepareRun,
    private readonly agent: AgentGraph,
    private readonly letGoRun: LetGoRun,
  ) {}

  async execute(claim: Claim, hold: Hold): Promise<void> {
    const inFlight = new Set<Promise<unknown>>();
    const result = await this.work(claim, hold.signal, inFlight).catch((error: unknown) =>
      resultOf(hold.signal.aborted ? hold.signal.reason : error, claim),
    );
    await Promise.allSettled(inFlight);
    await this.letGoRun.execute(claim, result, hold.takeActiveMs()).catch((error: unknown) => {
      if (!(error instanceof LeaseLost)) throw error;
      log('runs').warn({ runId: claim.runId }, 'another worker has this run now');
    });
  }

  private async work(claim: Claim, signal: AbortSignal, inFlight: RunInHand['inFlight']): Promise<Result> {
    const prepared = await this.prepareRun.execute(claim);
    if ('blockers' in prepared) {
      const { blockers, pausedBy } = prepared;
      if (blockers.some(({ state }) => state === 'user_deleted')) return { state: 'user_deleted' };
      if (pausedBy) return { state: 'blocked', blockers, pausedBy, recheckMs: RECHECK_PAUSED_MS };
      return { state: 'blocked', blockers, recheckMs: RECHECK_BLOCKED_MS };
    }
    const turned = await this.agent.run({ ...prepared.hand, signal, inFlight });
    return 'output' in turned ? { state: 'completed', ...turned } : pauseOf(turned.waits);
  }
}

/** Several calls of one turn may have to wait. A person's decision comes after a connection: it would be asked for again with a new account. */
function pauseOf(waits: readonly Wait[]): Result {
  const apps = [...new Set(waits.flatMap((wait) => (wait.kind === 'connection' ? [wait.app] : [])))];
  if (apps.length) return { state: 'blocked', blockers: apps.map(refused), recheckMs: RECHECK_REFUSED_MS };
  const paused = waits.flatMap((wait) => (wait.kind === 'paused' ? [wait] : []));
  if (paused[0]) {
    const blockers = [...new Map(paused.flatMap((wait) => wait.blockers).map((blocker) => [blocker.message, blocker])).values()];
    return { state: 'blocked', blockers, pausedBy: paused[0].pausedBy, recheckMs: RECHECK_PAUSED_MS };
  }
  const later = waits.find((wait) => wait.kind === 'later');
  return later ? { state: 'later', ...later } : { state: 'approval' };
}

/** In the words of the gate, which does not know yet. */
function refused(app: string): Blocker {
  const name = app.charAt(0).toUpperCase() + app.slice(1);
  return {
    app,
    state: 'broken',
    message: `Your ${name} connection has expired. Please reconnect in Settings > Integrations.`,
    connectUrl: new URL(`/settings/integrations/${app}`, config.PUBLIC_URL).href,
  };
}

function resultOf(error: unknown, { runId }: Lease): Result {
  if (error instanceof LeaseLost) return { state: 'lost' };
  if (error instanceof RunStopped) return { state: 'cancelled' };
  if (error instanceof NotItsTurn) return { state: 'turn' };
  if (error instanceof RunFailure) return { state: 'failed', error: error.error };
  if (error instanceof HandedBack) return { state: 'later', why: 'the worker stopped', retryAfterMs: 0 };
  if (error instanceof NotNow) {
    const { why, retryAfterMs } = error;
    return { state: 'later', why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (error instanceof OwnerMismatch || error instanceof OwnerUnproven) {
    log('security').error({ runId, alarm: 'owner_mismatch' }, "an account that is not the run's user's was named: the run is stopped");
    return { state: 'failed', error: { code: 'owner_mismatch', message: 'Stopped for safety: an account was not yours.' } };
  }
  log('runs').error({ runId, err: error }, 'a run broke');
  return { state: 'later', why: 'something went wrong on our side', fault: true };
}
