import { AgentRunResumed } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { LockMode, raw } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { moveLanes } from '../queue/lanes.js';
import { Run } from './run.entity.js';

/** Which waiting runs: of this user, and of these only those that wait for the app, or the one run. */
export interface WakeUp {
  userId: string;
  app?: string;
  runId?: string;
}

const WOKEN_AT_ONCE = 500;

@Injectable()
export class WakeRuns {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** Runs that wait for a connection go on: the gate is asked again before anything else happens. */
  @Transactional()
  async execute(wakeUps: readonly WakeUp[]): Promise<void> {
    const waiting = await this.em.find(
      Run,
      { userId: { $in: wakeUps.map(({ userId }) => userId) }, state: 'parked', waitingFor: 'connection', pausedBy: null },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' }, refresh: true },
    );
    await this.wake(waiting.filter((run) => wakeUps.some((wakeUp) => concerns(wakeUp, run))));
  }

  /** Those whose switch was lifted go on, so many at a time: none waits longer than a day. As the system. */
  @Transactional()
  async lifted(): Promise<void> {
    await this.wake(
      await this.em.find(
        Run,
        {
          state: 'parked',
          [raw((alias) => `${alias}.paused_by = any(array(select id from switch where lifted_at > now() - interval '2 days'))`)]: [],
        },
        { limit: WOKEN_AT_ONCE, lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE, orderBy: { createdAt: 'asc' }, refresh: true },
      ),
    );
  }

  private async wake(woken: readonly Run[]): Promise<void> {
    for (const run of woken) {
      run.wake();
      this.em.persist(run.event('run.resumed', { after: 'connection' }));
      this.outbox.add(AgentRunResumed, { runId: run.id, userId: run.userId, after: 'connection' });
    }
    await moveLanes(
      this.em,
      woken.map(({ userId }) => ({ userId, ready: 1 })),
    );
  }
}

function concerns({ userId, app, runId }: WakeUp, run: Run): boolean {
  return userId === run.userId && (!runId || runId === run.id) && (!app || run.blockers.some((blocker) => blocker.app === app));
}
