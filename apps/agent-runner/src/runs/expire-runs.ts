import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { LockMode, raw } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { endRuns } from './end-runs.js';
import { Run } from './run.entity.js';

@Injectable()
export class ExpireRuns {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** Waits that are over: the run fails with what it waited for. As the system. */
  @Transactional()
  async execute(): Promise<number> {
    const over = await this.em.find(
      Run,
      { state: 'parked', waitsUntil: { $lte: raw('now()') } },
      { limit: 100, orderBy: { waitsUntil: 'asc' }, lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
    );
    await endRuns(
      this.em,
      this.outbox,
      over.map((run) => ({ run, state: 'failed', error: reasonOf(run) })),
    );
    return over.length;
  }
}

function reasonOf(run: Run): { code: string; message: string } {
  if (run.waitingFor === 'approval') return { code: 'approval_expired', message: 'Stopped: an action was not approved in time.' };
  const said = run.blockers.map(({ message }) => message).join(' ');
  if (run.pausedBy) return { code: 'paused', message: `Stopped: this was paused for a whole day. ${said}`.slice(0, 2000) };
  return { code: 'connection_required', message: `Stopped: nothing was connected in time. ${said}`.slice(0, 2000) };
}
