import { randomUUID } from 'node:crypto';
import { COMPOSIO, type ComposioPort, RateLimited } from '@gatehouse/composio';
import { asSystem } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { config } from './config.js';
import { OpenCycle } from './sweep/open-cycle.js';
import { type LeasedShard, SweepPage } from './sweep/sweep-page.js';

const logger = log('audit');

/** Every replica ticks; the rows decide who sweeps what. A tick that finds the last one still at work does nothing. */
@Injectable()
export class AuditWorker {
  private readonly owner = randomUUID();
  private busy = false;

  constructor(
    private readonly em: EntityManager,
    private readonly openCycle: OpenCycle,
    private readonly sweepPage: SweepPage,
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
  ) {}

  @Interval('audit', 1000)
  async tick(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await asSystem(this.em, () => this.openCycle.execute(config.SWEEP_INTERVAL_SECONDS, this.composio.supports.listByStatus));
      while (await this.sweepShard());
    } catch (error) {
      logger.error({ err: error }, 'this tick failed: the next one goes on where it stopped');
    } finally {
      this.busy = false;
    }
  }

  /** False: nothing is left to sweep for now. */
  private async sweepShard(): Promise<boolean> {
    let leased = await asSystem(this.em, () => this.sweepPage.lease(this.owner));
    if (!leased) return false;
    const shard = leased.shard;
    try {
      while (leased) {
        const page: LeasedShard = leased;
        leased = await asSystem(this.em, () => this.sweepPage.execute(page));
      }
      return true;
    } catch (error) {
      const seconds = error instanceof RateLimited ? Math.ceil(error.retryAfterMs / 1000) : 5;
      logger.warn({ err: error, shard, seconds }, 'a page could not be read: tried again later');
      const failed = leased;
      if (failed) await asSystem(this.em, () => this.sweepPage.giveBack(failed, seconds));
      return false;
    }
  }
}
