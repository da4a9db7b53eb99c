import { AgentRunBlocked, type Blocker } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Approval } from '../approvals/approval.entity.js';
import { moveLanes } from '../queue/lanes.js';
import { type Lease, lockRun, MAX_ATTEMPTS } from '../queue/lease.js';
import { endRuns } from './end-runs.js';
import { DAY_MS, type Run } from './run.entity.js';
import { isBeaten, passTurns } from './turns.js';

const FIRST_DELAY_MS = 2_000;
/** The run before passes the turn on when it ends; this is for one whose end nobody saw. */
const TURN_MS = 60_000;
const LONGEST_DELAY_MS = 5 * 60_000;

export interface Delay {
  why: string;
  retryAfterMs?: number;
  /** It broke by itself, so the claim counts as an attempt. */
  fault?: boolean;
  activeMs: number;
}

/** A worker lets go of a run that is not over. If its end was asked for meanwhile, it ends instead. */
@Injectable()
export class ParkRun {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** Waits for an app. The gate is asked again after `recheckMs`: the event that wakes the run may just have gone by. */
  @Transactional()
  async forConnection(lease: Lease, wait: { blockers: Blocker[]; pausedBy?: string; recheckMs: number; activeMs: number }): Promise<void> {
    const run = await this.letGo(lease, wait.activeMs);
    if (!run) return;
    const waitsUntil = new Date(Date.now() + DAY_MS);
    run.park('connection', waitsUntil, wait.blockers, wait.pausedBy);
    await moveLanes(this.em, [{ userId: run.userId, running: -1 }]);
    await passTurns(this.em, [run]);
    run.runAt = new Date(Date.now() + wait.recheckMs);
    this.em.persist(run.event('run.blocked', { blockers: wait.blockers, waitsUntil: waitsUntil.toISOString() }));
    this.outbox.add(AgentRunBlocked, {
      runId: run.id,
      userId: run.userId,
      blockers: wait.blockers,
      waitsUntil: waitsUntil.toISOString(),
    });
  }

  /** Waits for its user's decisions. If all were made before we got here, it goes straight back into the queue. */
  @Transactional()
  async forApproval(lease: Lease, activeMs: number): Promise<void> {
    const run = await this.letGo(lease, activeMs);
    if (!run) return;
    const waiting = await this.em.find(
      Approval,
      { runId: run.id, userId: run.userId, state: 'waiting' },
      { orderBy: { expiresAt: 'asc' }, refresh: true },
    );
    const [first] = waiting;
    if (first) run.park('approval', first.expiresAt, []);
    else run.wake();
    await moveLanes(this.em, [{ userId: run.userId, running: -1, ready: first ? 0 : 1 }]);
    if (first) await passTurns(this.em, [run]);
  }

  /** Waits for its turn in its conversation. If that came before we got here, it goes straight back into the queue. */
  @Transactional()
  async forTurn(lease: Lease, activeMs: number): Promise<void> {
    const run = await this.letGo(lease, activeMs);
    if (!run) return;
    const beaten = await isBeaten(this.em, run, { hold: true });
    if (beaten) run.waitForTurn(new Date(Date.now() + TURN_MS));
    else run.wake();
    await moveLanes(this.em, [{ userId: run.userId, running: -1, ready: beaten ? 0 : 1 }]);
  }

  /** Puts it off. It fails when it could not go on for a day, or when it broke (`fault`) too often. */
  @Transactional()
  async forLater(lease: Lease, { why, retryAfterMs, fault = false, activeMs }: Delay): Promise<void> {
    const run = await this.letGo(lease, activeMs);
    if (!run) return;
    const wait = retryAfterMs ?? Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** run.delays);
    const until = new Date(Date.now() + wait * (1 + Math.random() / 4));
    const broken = fault && run.attempt >= MAX_ATTEMPTS;
    if (broken || until > run.deadlineAt) {
      const error = broken
        ? { code: 'internal', message: 'Something went wrong on our side.' }
        : { code: 'gave_up', message: `This could not be done for a whole day (${why}). Nothing more is tried.` };
      return endRuns(this.em, this.outbox, [{ run, state: 'failed', error }]);
    }
    run.delay(until, { countAttempt: fault });
    await moveLanes(this.em, [{ userId: run.userId, running: -1 }]);
  }

  private async letGo(lease: Lease, activeMs: number): Promise<Run | undefined> {
    const run = await lockRun(this.em, lease);
    run.activeMs += activeMs;
    if (run.cancelAskedBy) {
      await endRuns(this.em, this.outbox, [{ run, state: 'cancelled', by: run.cancelAskedBy }]);
      return undefined;
    }
    return run;
  }
}
