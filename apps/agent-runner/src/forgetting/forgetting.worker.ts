import { asSystem, asUsers } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { config } from '../config.js';
import { ForgetThreads } from './forget-threads.js';
import { ForgetUsers } from './forget-users.js';

const TICK_MS = 2_000;

/** Takes down what is kept of users who are gone, and of runs that are long over. */
@Injectable()
export class ForgettingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> | undefined;

  constructor(
    private readonly em: EntityManager,
    private readonly forgetUsers: ForgetUsers,
    private readonly forgetThreads: ForgetThreads,
  ) {}

  onApplicationBootstrap(): void {
    if (config.RUNS_POLL_MS) this.timer = setInterval(() => void this.next(), TICK_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.ticking;
  }

  async tick(): Promise<void> {
    for (const userId of await asSystem(this.em, () => this.forgetUsers.due())) {
      const over = await asUsers(this.em, [userId], () => this.forgetUsers.forgetCheckpoints(userId));
      if (over) await asSystem(this.em, () => this.forgetUsers.forget(userId));
    }
    for (const run of await asSystem(this.em, () => this.forgetThreads.due())) {
      await asUsers(this.em, [run.userId], () => this.forgetThreads.execute(run));
    }
  }

  private async next(): Promise<void> {
    if (this.ticking) return;
    this.ticking = this.tick().catch((error: unknown) => log('forgetting').warn({ err: error }, 'could not be done now'));
    await this.ticking;
    this.ticking = undefined;
  }
}
