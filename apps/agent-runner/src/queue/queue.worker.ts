import { asSystem, asUsers } from '@gatehouse/persistence';
import { log, Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { config } from '../config.js';
import { RecheckRuns } from '../runs/recheck-runs.js';
import { MeasureQueue } from './measure-queue.js';
import { QueueChores } from './queue-chores.js';

const TICK_MS = 1_000;
const MEASURE_MS = 15_000;

/** What no run does for itself: puts due ones into the queue, takes lost ones back, ends waits, asks the gate again. */
@Injectable()
export class QueueWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly tending = new Rounds('tending the queue', (stop) => this.tick(stop));
  private readonly measuring = new Rounds('measuring the queue', () => asSystem(this.em, () => this.measureQueue.execute()));

  constructor(
    private readonly em: EntityManager,
    private readonly chores: QueueChores,
    private readonly recheckRuns: RecheckRuns,
    private readonly measureQueue: MeasureQueue,
  ) {}

  onApplicationBootstrap(): void {
    if (!config.RUNS_POLL_MS) return;
    this.tending.every(TICK_MS);
    this.measuring.every(MEASURE_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.tending.stop(), this.measuring.stop()]);
  }

  async tick(stop?: AbortSignal): Promise<void> {
    for (const [what, chore] of this.chores.due()) await this.attempt(what, () => asSystem(this.em, chore));
    await this.attempt('lifted', () => asSystem(this.em, () => this.recheckRuns.lifted()));
    await this.attempt('recheck', () => this.recheck(stop));
  }

  private async recheck(stop?: AbortSignal): Promise<void> {
    for (const waiting of await asSystem(this.em, () => this.recheckRuns.due())) {
      if (stop?.aborted) return;
      await this.attempt('recheck', () => asUsers(this.em, [waiting.userId], () => this.recheckRuns.execute(waiting)));
    }
  }

  /** One thing that fails does not keep the others from being done; it is tried again with the next tick. */
  private async attempt(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log('queue').warn({ err: error, what }, 'could not be done now');
    }
  }
}
