import { asSystem, asUsers } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { TakeWork } from '../connections/take-work.js';
import { RemoveAccount } from './remove-account.js';

const AT_ONCE = 10;
const removals = log('removals');

/** Accounts that have to go at Composio: revoke, delete, then say so. Repeating it is safe, so a crash only repeats. */
@Injectable()
export class RemovalsWorker implements BeforeApplicationShutdown {
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly em: EntityManager,
    private readonly takeWork: TakeWork,
    private readonly removeAccount: RemoveAccount,
  ) {}

  @Interval(1000)
  async tick(): Promise<void> {
    if (this.stopped) return;
    this.running ??= this.work().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async work(): Promise<void> {
    try {
      const due = await asSystem(this.em, () => this.takeWork.execute(['removing'], AT_ONCE));
      await Promise.all(due.map((item) => this.one(item)));
    } catch (err) {
      removals.warn({ err }, 'could not look for accounts to remove');
    }
  }

  private async one({ id, userId }: { id: string; userId: string }): Promise<void> {
    try {
      await asUsers(this.em, [userId], () => this.removeAccount.execute(userId, id));
    } catch (err) {
      removals.warn({ err, accountRowId: id }, 'could not remove an account; it is tried again');
    }
  }
}
