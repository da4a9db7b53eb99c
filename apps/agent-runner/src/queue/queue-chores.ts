import { Injectable } from '@nestjs/common';
import { ExpireRuns } from '../runs/expire-runs.js';
import { PromoteRuns } from './promote-runs.js';
import { ReapRuns } from './reap-runs.js';
import { RecountLanes } from './recount-lanes.js';

const RECOUNT_MS = 60_000;

/** All of them as the system, each in a transaction of its own, in any number of processes at once. */
@Injectable()
export class QueueChores {
  private recountedAt = 0;

  constructor(
    private readonly promoteRuns: PromoteRuns,
    private readonly reapRuns: ReapRuns,
    private readonly expireRuns: ExpireRuns,
    private readonly recountLanes: RecountLanes,
  ) {}

  due(): [what: string, chore: () => Promise<number>][] {
    const chores: [string, () => Promise<number>][] = [
      ['promote', () => this.promoteRuns.execute()],
      ['reap', () => this.reapRuns.execute()],
      ['expire', () => this.expireRuns.execute()],
    ];
    if (Date.now() - this.recountedAt < RECOUNT_MS) return chores;
    this.recountedAt = Date.now();
    return [...chores, ['recount', () => this.recountLanes.execute()]];
  }
}
