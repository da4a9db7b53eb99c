import { asSystem, asUsers, prune } from '@gatehouse/persistence';
import { Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { config } from '../config.js';
import { ForgetThreads } from './forget-threads.js';
import { ForgetUsers } from './forget-users.js';
import { past } from './past.js';

const TICK_MS = 2_000;
const PRUNE_MS = 60_000;

/** Takes down what is kept of users who are gone, and of runs that are long over. */
@Injectable()
export class ForgettingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly forgetting = new Rounds('forgetting', (stop) => this.tick(stop));
  private readonly pruning = new Rounds('pruning', (stop) => this.prune(stop));

  constructor(
    private readonly em: EntityManager,
    private readonly forgetUsers: ForgetUsers,
    private readonly forgetThreads: ForgetThreads,
  ) {}

  onApplicationBootstrap(): void {
    if (!config.RUNS_POLL_MS) return;
    this.forgetting.every(TICK_MS);
    this.pruning.every(PRUNE_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.forgetting.stop(), this.pruning.stop()]);
  }

  async prune(stop?: AbortSignal): Promise<void> {
    await prune(this.em, past, stop);
  }

  async tick(stop?: AbortSignal): Promise<void> {
    for (const userId of await asSystem(this.em, () => this.forgetUsers.due())) {
      if (stop?.aborted) return;
      const over = await asUsers(this.em, [userId], () => this.forgetUsers.forgetCheckpoints(userId));
      if (over) await asSystem(this.em, () => this.forgetUsers.forget(userId));
    }
    for (const run of await asSystem(this.em, () => this.forgetThreads.due())) {
      if (stop?.aborted) return;
      await asUsers(this.em, [run.userId], () => this.forgetThreads.execute(run));
    }
  }
}
