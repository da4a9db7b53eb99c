import { AgentRunResumed } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { addDecisions } from '../decisions/decisions.js';
import { moveLanes } from '../queue/lanes.js';
import { Run } from '../runs/run.entity.js';
import { Approval } from './approval.entity.js';

@Injectable()
export class WithdrawApprovals {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** These connections are gone: what was to be approved for them cannot be done. The runs ask the gate again, and wait for what it says. */
  @Transactional()
  async execute(removed: readonly { userId: string; connectionId: string }[]): Promise<void> {
    const bound = {
      userId: { $in: removed.map(({ userId }) => userId) },
      connectionId: { $in: removed.map(({ connectionId }) => connectionId) },
      state: { $in: ['waiting', 'approved'] as Approval['state'][] },
    };
    const asked = await this.em.find(Approval, bound, { fields: ['runId'] });
    if (!asked.length) return;
    const runs = await this.em.find(
      Run,
      { id: { $in: asked.map(({ runId }) => runId) }, userId: bound.userId },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' }, refresh: true },
    );
    const gone = await this.em.find(Approval, bound, {
      fields: ['userId', 'runId', 'toolCallId', 'tool'],
      lockMode: LockMode.PESSIMISTIC_WRITE,
      orderBy: { id: 'asc' },
    });
    await this.em.nativeUpdate(Approval, { ...bound, id: { $in: gone.map(({ id }) => id) } }, { state: 'cancelled' });
    const waiting = runs.filter(({ state, waitingFor }) => state === 'parked' && waitingFor === 'approval');
    for (const run of waiting) {
      run.wake();
      this.em.persist(run.event('run.resumed', { after: 'connection' }));
      this.outbox.add(AgentRunResumed, { runId: run.id, userId: run.userId, after: 'connection' });
    }
    await moveLanes(
      this.em,
      waiting.map(({ userId }) => ({ userId, ready: 1 })),
    );
    await addDecisions(
      this.em,
      gone.map(({ id, userId, runId, toolCallId, tool }) => ({
        userId,
        runId,
        kind: 'approval.withdrawn',
        data: { approvalId: id, toolCallId, tool, why: 'connection' },
      })),
    );
  }
}
