import { Transactional } from '@gatehouse/persistence';
import { LockMode, raw } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Run } from '../runs/run.entity.js';
import { moveLanes } from './lanes.js';

@Injectable()
export class PromoteRuns {
  constructor(private readonly em: EntityManager) {}

  /** Delayed runs whose time has come are queued. As the system; skips what somebody else has locked. */
  @Transactional()
  async execute(): Promise<number> {
    const due = await this.em.find(
      Run,
      { state: 'delayed', runAt: { $lte: raw('now()') } },
      { limit: 200, orderBy: { runAt: 'asc' }, lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
    );
    for (const run of due) run.state = 'queued';
    await moveLanes(
      this.em,
      due.map(({ userId }) => ({ userId, ready: 1 })),
    );
    return due.length;
  }
}
