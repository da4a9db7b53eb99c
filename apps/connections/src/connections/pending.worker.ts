import { asSystem, asUsers } from '@gatehouse/persistence';
import { log, Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SettleAttempt } from './settle-attempt.js';
import { TakeWork } from './take-work.js';

const AT_ONCE = 10;
const attempts = log('attempts');

/** Attempts whose person came back without a clear answer, and those whose time is over. */
@Injectable()
export class PendingWorker implements BeforeApplicationShutdown {
  private readonly settling = new Rounds('looking for attempts', () => this.work());

  constructor(
    private readonly em: EntityManager,
    private readonly takeWork: TakeWork,
    private readonly settle: SettleAttempt,
  ) {}

  @Interval(1000)
  tick(): Promise<void> {
    return this.settling.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.settling.stop();
  }

  private async work(): Promise<void> {
    const due = await asSystem(this.em, () => this.takeWork.execute(['starting', 'pending', 'not_finished'], AT_ONCE));
    await Promise.all(due.map((item) => this.one(item)));
  }

  private async one({ id, userId }: { id: string; userId: string }): Promise<void> {
    try {
      await asUsers(this.em, [userId], () => this.settle.execute(userId, id));
    } catch (err) {
      attempts.warn({ err, attemptId: id }, 'could not settle an attempt; it is looked at again');
    }
  }
}
