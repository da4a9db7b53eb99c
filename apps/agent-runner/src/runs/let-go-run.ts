import type { Blocker, RunError } from '@gatehouse/contracts';
import { Injectable } from '@nestjs/common';
import type { Structured } from '../agent/output.js';
import { LiveRuns } from '../live/live-runs.js';
import { type Lease, LeaseLost } from '../queue/lease.js';
import { FinishRun } from './finish-run.js';
import { ParkRun } from './park-run.js';

/** What became of a run in one claim. */
export type Result =
  | { state: 'completed'; output: string; structured?: Structured }
  | { state: 'failed'; error: RunError }
  | { state: 'cancelled' }
  | { state: 'user_deleted' }
  | { state: 'blocked'; blockers: Blocker[]; pausedBy?: string; recheckMs: number }
  | { state: 'approval' }
  | { state: 'later'; why: string; retryAfterMs?: number; fault?: boolean }
  | { state: 'turn' }
  | { state: 'lost' };

/** A worker lets go of a run: it is over, or has to wait. Who watches it is told. */
@Injectable()
export class LetGoRun {
  constructor(
    private readonly parkRun: ParkRun,
    private readonly finishRun: FinishRun,
    private readonly live: LiveRuns,
  ) {}

  async execute(lease: Lease, result: Result, activeMs: number): Promise<void> {
    if (result.state === 'lost') throw new LeaseLost(`run ${lease.runId} was taken over`);
    if (result.state === 'blocked') await this.parkRun.forConnection(lease, { ...result, activeMs });
    else if (result.state === 'approval') await this.parkRun.forApproval(lease, activeMs);
    else if (result.state === 'turn') await this.parkRun.forTurn(lease, activeMs);
    else if (result.state === 'later') await this.parkRun.forLater(lease, { ...result, activeMs });
    else await this.finishRun.execute(lease, { ...result, activeMs });
    this.live.more(lease);
  }
}
