import { randomUUID } from 'node:crypto';
import { asSystem } from '@gatehouse/persistence';
import { log, Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { waitSeconds } from './breaker.js';
import { config } from './config.js';
import { type LeasedShard, LeaseShards } from './sweep/lease-shards.js';
import { OpenCycle } from './sweep/open-cycle.js';
import { SweepPage } from './sweep/sweep-page.js';

const logger = log('audit');

/** Every replica ticks; the rows decide who sweeps what. */
@Injectable()
export class AuditWorker implements BeforeApplicationShutdown {
  private readonly owner = randomUUID();
  private readonly sweeping = new Rounds('the sweep', (stop) => this.sweep(stop));

  constructor(
    private readonly em: EntityManager,
    private readonly openCycle: OpenCycle,
    private readonly shards: LeaseShards,
    private readonly sweepPage: SweepPage,
  ) {}

  @Interval('audit', 1000)
  tick(): Promise<void> {
    return this.sweeping.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeping.stop();
  }

  private async sweep(stop: AbortSignal): Promise<void> {
    await asSystem(this.em, () => this.openCycle.execute(config.SWEEP_INTERVAL_SECONDS));
    while (!stop.aborted && (await this.sweepShard(stop)));
  }

  /** False: nothing is left to sweep for now. */
  private async sweepShard(stop: AbortSignal): Promise<boolean> {
    let leased = await asSystem(this.em, () => this.shards.lease('sweep', this.owner));
    if (!leased) return false;
    const { shard } = leased;
    try {
      while (leased) {
        const page: LeasedShard = leased;
        if (stop.aborted) return await asSystem(this.em, () => this.shards.giveBack(page, 0)).then(() => false); // to whoever lives on
        leased = await asSystem(this.em, () => this.sweepPage.execute(page));
      }
      return true;
    } catch (error) {
      const seconds = waitSeconds(error);
      logger.warn({ err: error, shard, seconds }, 'a page could not be read: tried again later');
      const failed = leased;
      if (failed) await asSystem(this.em, () => this.shards.giveBack(failed, seconds));
      return false;
    }
  }
}
