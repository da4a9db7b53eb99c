import { randomUUID } from 'node:crypto';
import { asSystem } from '@gatehouse/persistence';
import { log, Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { waitSeconds } from './breaker.js';
import { config } from './config.js';
import { Reconcile } from './drift/reconcile.js';
import { type LeasedShard, LeaseShards } from './sweep/lease-shards.js';

const logger = log('reconcile');
/** Most of what is watched was seen in Composio's list, and costs no call. */
const FREE_STEPS = 50;

/** The slow comparison of everything. A second's worth of calls a tick: the sweep, which shares their budget, must not wait for it. */
@Injectable()
export class ReconcileWorker implements BeforeApplicationShutdown {
  private readonly owner = randomUUID();
  private readonly reconciling = new Rounds('the reconciliation', (stop) => this.work(stop));

  constructor(
    private readonly em: EntityManager,
    private readonly reconcile: Reconcile,
    private readonly shards: LeaseShards,
  ) {}

  @Interval('reconcile', 1000)
  tick(): Promise<void> {
    return this.reconciling.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.reconciling.stop();
  }

  private async work(stop: AbortSignal): Promise<void> {
    await asSystem(this.em, () => this.reconcile.open());
    const leased = await asSystem(this.em, () => this.shards.lease('reconciliation', this.owner));
    if (leased) await this.steps(leased, stop);
    await asSystem(this.em, () => this.reconcile.close());
  }

  private async steps(first: LeasedShard, stop: AbortSignal): Promise<void> {
    let leased: LeasedShard | null = first;
    let calls = 0;
    let seconds = 0;
    try {
      for (let step = 0; leased && step < FREE_STEPS && calls < config.RECONCILE_CALLS_PER_SECOND && !stop.aborted; step += 1) {
        const page: LeasedShard = leased;
        const done = await asSystem(this.em, () => this.reconcile.step(page));
        leased = done.leased;
        calls += done.calls;
      }
    } catch (error) {
      seconds = waitSeconds(error);
      logger.warn({ err: error, shard: first.shard, seconds }, 'a page could not be compared: tried again later');
    }
    const rest = leased;
    if (rest) await asSystem(this.em, () => this.shards.giveBack(rest, seconds));
  }
}
