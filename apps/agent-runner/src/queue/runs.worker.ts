import { hostname } from 'node:os';
import { asSystem, asUsers } from '@gatehouse/persistence';
import { log, Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { config } from '../config.js';
import { ExecuteRun } from '../runs/execute-run.js';
import { ClaimRun } from './claim-run.js';
import { RunHold } from './hold.js';
import { LeaseLost, RunStopped } from './lease.js';
import { RenewLease } from './renew-lease.js';

const RENEW_MS = (config.RUN_LEASE_SECONDS * 1000) / 3;
/** Before what is in hand is handed back: a claim is one statement. */
const LAST_CLAIM_MS = 4_000;
const DRAIN_MS = 8_000;
const OWNER = `${hostname()}:${process.pid}`.slice(0, 100);
const logger = log('runs');

/** Takes runs that are due, keeps their leases, and lets them go. As many at once as the process may. */
@Injectable()
export class RunsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly held = new Map<RunHold, Promise<void>>();
  private readonly claiming = new Rounds('looking for runs', (stop) => this.tick(stop));
  private readonly renewing = new Rounds('renewing leases', () => this.renew());

  constructor(
    private readonly em: EntityManager,
    private readonly claimRun: ClaimRun,
    private readonly renewLease: RenewLease,
    private readonly executeRun: ExecuteRun,
  ) {}

  onApplicationBootstrap(): void {
    this.renewing.every(RENEW_MS);
    if (config.RUNS_POLL_MS) this.claiming.every(config.RUNS_POLL_MS);
  }

  /** Claims what is due and may be run here; how many that were. */
  async tick(stop?: AbortSignal): Promise<number> {
    let claimed = 0;
    while (!stop?.aborted && this.held.size < config.RUNS_AT_ONCE) {
      const claim = await asSystem(this.em, () => this.claimRun.execute(OWNER));
      if (!claim) break;
      claimed += 1;
      const hold = new RunHold(claim);
      this.held.set(hold, this.work(hold));
    }
    return claimed;
  }

  /** When nothing is held any more. */
  async idle(): Promise<void> {
    while (this.held.size) await Promise.all(this.held.values());
  }

  async renew(): Promise<void> {
    await Promise.all([...this.held.keys()].map((hold) => this.renewOne(hold)));
  }

  /** What is in hand goes back into the queue; a tool call that has left is waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.claiming.stop(LAST_CLAIM_MS), this.renewing.stop(LAST_CLAIM_MS)]);
    for (const hold of this.held.keys()) hold.handBack();
    await Promise.race([this.idle(), new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())]);
  }

  private async work(hold: RunHold): Promise<void> {
    const { runId, userId } = hold.claim;
    try {
      await asUsers(this.em, [userId], () => this.executeRun.execute(hold.claim, hold));
    } catch (error) {
      // Its lease runs out, and the reaper decides.
      logger.error({ runId, err: error }, 'a run could not be let go');
    } finally {
      hold.close();
      this.held.delete(hold);
      if (config.RUNS_POLL_MS) void this.claiming.next();
    }
  }

  private async renewOne(hold: RunHold): Promise<void> {
    const { userId, runId } = hold.claim;
    try {
      await asUsers(this.em, [userId], () => this.renewLease.execute(hold.claim, hold.takeActiveMs()));
    } catch (error) {
      if (error instanceof LeaseLost || error instanceof RunStopped) hold.end(error);
      else logger.warn({ runId, err: error }, 'cannot renew a lease'); // the next renewal is tried before it is over
    }
  }
}
