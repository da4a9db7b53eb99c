import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { LockMode, raw } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { endRuns } from '../runs/end-runs.js';
import { Run } from '../runs/run.entity.js';
import { moveLanes } from './lanes.js';
import { MAX_ATTEMPTS } from './lease.js';

@Injectable()
export class ReapRuns {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** Runs whose worker is gone: put off, or failed when that happened too often. As the system. */
  @Transactional()
  async execute(): Promise<number> {
    const lost = await this.em.find(
      Run,
      { state: 'running', leaseUntil: { $lt: raw('now()') } },
      { limit: 100, orderBy: { leaseUntil: 'asc' }, lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
    );
    const error = { code: 'worker_lost', message: 'Something went wrong on our side, three times. Nothing more is tried.' };
    const over = lost.filter((run) => run.cancelAskedBy || run.attempt >= MAX_ATTEMPTS);
    await endRuns(
      this.em,
      this.outbox,
      over.map((run) => (run.cancelAskedBy ? { run, state: 'cancelled', by: run.cancelAskedBy } : { run, state: 'failed', error })),
    );
    const again = lost.filter((run) => !over.includes(run));
    for (const run of again) run.delay(new Date(Date.now() + 2 ** run.attempt * 1000), { countAttempt: true });
    await moveLanes(
      this.em,
      again.map(({ userId }) => ({ userId, running: -1 })),
    );
    return lost.length;
  }
}
