import type { OperatorAnswer } from '@gatehouse/contracts';
import { type Operator, recordDeed } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Cycle } from '../sweep/cycle.entity.js';
import { OpenCycle } from '../sweep/open-cycle.js';
import { WatchedConnection } from '../watch/watched-connection.entity.js';

@Injectable()
export class AskSweep {
  constructor(
    private readonly em: EntityManager,
    private readonly openCycle: OpenCycle,
  ) {}

  /** A sweep beside those of the clock, which the workers take up at once; undefined while one is under way. As the system. */
  @Transactional()
  async execute(operator: Operator, { dryRun = false } = {}): Promise<OperatorAnswer | undefined> {
    if (await this.em.count(Cycle, { kind: 'sweep', state: 'open' })) return undefined;
    const touches = await this.em.count(WatchedConnection, { state: 'active' });
    if (dryRun) return { touches, dryRun };
    if (!(await this.openCycle.execute(1))) return undefined;
    await recordDeed(this.em, operator, { action: 'sweep', subject: 'sweep', result: 'opened' });
    return { touches, dryRun };
  }
}
