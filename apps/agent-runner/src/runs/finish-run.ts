import type { RunError } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Structured } from '../agent/output.js';
import { type Lease, lockRun } from '../queue/lease.js';
import { endRuns } from './end-runs.js';

/** How a run that a worker holds ends. `by` of a cancelled one is who asked for it. */
export type Ending = { activeMs: number } & (
  | { state: 'completed'; output: string; structured?: Structured }
  | { state: 'failed'; error: RunError }
  | { state: 'cancelled' }
  | { state: 'user_deleted' }
);

@Injectable()
export class FinishRun {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  @Transactional()
  async execute(lease: Lease, ending: Ending): Promise<void> {
    const run = await lockRun(this.em, lease);
    run.activeMs += ending.activeMs;
    if (ending.state === 'completed') await endRuns(this.em, this.outbox, [{ ...ending, run }]);
    else if (ending.state === 'failed') await endRuns(this.em, this.outbox, [{ run, state: 'failed', error: ending.error }]);
    else {
      const by = ending.state === 'user_deleted' ? 'user.deleted' : (run.cancelAskedBy ?? 'operator');
      await endRuns(this.em, this.outbox, [{ run, state: 'cancelled', by }]);
    }
  }
}
