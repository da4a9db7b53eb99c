import { asSystem, asUsers } from '@gatehouse/persistence';
import { log, Rounds } from '@gatehouse/runtime';
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
  private readonly removing = new Rounds('looking for accounts to remove', () => this.work());

  constructor(
    private readonly em: EntityManager,
    private readonly takeWork: TakeWork,
    private readonly removeAccount: RemoveAccount,
  ) {}

  @Interval(1000)
  tick(): Promise<void> {
    return this.removing.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.removing.stop();
  }

  private async work(): Promise<void> {
    const due = await asSystem(this.em, () => this.takeWork.execute(['removing'], AT_ONCE));
    await Promise.all(due.map((item) => this.one(item)));
  }

  private async one({ id, userId }: { id: string; userId: string }): Promise<void> {
    try {
      await asUsers(this.em, [userId], () => this.removeAccount.execute(userId, id));
    } catch (err) {
      removals.warn({ err, accountRowId: id }, 'could not remove an account; it is tried again');
    }
  }
}
