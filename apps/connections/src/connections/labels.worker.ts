import { asSystem, asUsers } from '@gatehouse/persistence';
import { log, Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { LabelAccount } from './label-account.js';
import { TakeWork } from './take-work.js';

const AT_ONCE = 10;
const labels = log('labels');

/** Accounts that became active, or were looked at again: whose are they? */
@Injectable()
export class LabelsWorker implements BeforeApplicationShutdown {
  private readonly labelling = new Rounds('labelling accounts', () => this.work());

  constructor(
    private readonly em: EntityManager,
    private readonly takeWork: TakeWork,
    private readonly labelAccount: LabelAccount,
  ) {}

  @Interval('labels', 1000)
  tick(): Promise<void> {
    return this.labelling.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.labelling.stop();
  }

  private async work(): Promise<void> {
    const due = await asSystem(this.em, () => this.takeWork.execute(['active'], AT_ONCE));
    await Promise.all(due.map((item) => this.one(item)));
  }

  private async one({ id, userId }: { id: string; userId: string }): Promise<void> {
    try {
      await asUsers(this.em, [userId], () => this.labelAccount.execute(userId, id));
    } catch (err) {
      labels.warn({ err, accountRowId: id }, 'could not label an account; it is tried again');
    }
  }
}
