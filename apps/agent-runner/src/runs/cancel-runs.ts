import type { CancelledBy } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { endRuns } from './end-runs.js';
import { LIVE, Run } from './run.entity.js';

export interface Cancellation {
  userIds: readonly string[];
  runId?: string;
  by: CancelledBy;
}

@Injectable()
export class CancelRuns {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** Without `runId`: every live run of these users. One that runs is only asked: its worker looks before each tool call. */
  @Transactional()
  async execute({ userIds, runId, by }: Cancellation): Promise<Run[]> {
    const where = { userId: { $in: [...userIds] }, ...(runId ? { id: runId } : { state: { $in: LIVE } }) };
    const runs = await this.em.find(Run, where, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' }, refresh: true }); // one order: no deadlock
    for (const run of runs) run.askToCancel(by);
    await endRuns(
      this.em,
      this.outbox,
      runs.filter((run) => run.cancellable).map((run) => ({ run, state: 'cancelled', by })),
    );
    return runs;
  }
}
