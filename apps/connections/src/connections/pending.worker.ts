import { asSystem, asUsers } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ForgetRedemptions } from '../callback/forget-redemptions.js';
import { SettleAttempt } from './settle-attempt.js';
import { TakeWork } from './take-work.js';

const AT_ONCE = 10;
const attempts = log('attempts');

/** Attempts whose person came back without a clear answer, and those whose time is over. */
@Injectable()
export class PendingWorker implements BeforeApplicationShutdown {
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly em: EntityManager,
    private readonly takeWork: TakeWork,
    private readonly settle: SettleAttempt,
    private readonly forgetRedemptions: ForgetRedemptions,
  ) {}

  @Interval(1000)
  async tick(): Promise<void> {
    if (this.stopped) return;
    this.running ??= this.work().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  @Interval(3_600_000)
  async forget(): Promise<void> {
    await asSystem(this.em, () => this.forgetRedemptions.execute()).catch((err: unknown) => {
      attempts.warn({ err }, 'could not forget old redemptions');
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async work(): Promise<void> {
    try {
      const due = await asSystem(this.em, () => this.takeWork.execute(['starting', 'pending', 'not_finished'], AT_ONCE));
      await Promise.all(due.map((item) => this.one(item)));
    } catch (err) {
      attempts.warn({ err }, 'could not look for attempts');
    }
  }

  private async one({ id, userId }: { id: string; userId: string }): Promise<void> {
    try {
      await asUsers(this.em, [userId], () => this.settle.execute(userId, id));
    } catch (err) {
      attempts.warn({ err, attemptId: id }, 'could not settle an attempt; it is looked at again');
    }
  }
}
