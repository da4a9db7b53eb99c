import type { OperatorAnswer } from '@gatehouse/contracts';
import { type Operator, recordDeed } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CancelRuns } from '../runs/cancel-runs.js';
import { LIVE, Run } from '../runs/run.entity.js';

@Injectable()
export class StopRun {
  constructor(
    private readonly em: EntityManager,
    private readonly cancelRuns: CancelRuns,
  ) {}

  /** As the system. Undefined when there is no such run; one that is over is not touched. */
  @Transactional()
  async execute(id: string, operator: Operator, { dryRun = false } = {}): Promise<OperatorAnswer | undefined> {
    const run = await this.em.findOne(Run, { id });
    if (!run) return undefined;
    const touches = LIVE.includes(run.state) ? 1 : 0;
    if (dryRun || !touches) return { touches, dryRun };
    await this.cancelRuns.execute({ userIds: [run.userId], runId: id, by: 'operator' });
    await recordDeed(this.em, operator, { action: 'run cancel', subject: `run:${id}`, result: 'cancelled' });
    return { touches, dryRun };
  }
}
