import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Checkpointer } from '../agent/checkpointer.js';
import { DAY_MS, Run } from '../runs/run.entity.js';

const KEPT_MS = DAY_MS;
const AT_ONCE = 50;

/** The checkpoints of runs that ended a day ago go; what the user sees of a run stays. */
@Injectable()
export class ForgetThreads {
  constructor(
    private readonly em: EntityManager,
    private readonly checkpointer: Checkpointer,
  ) {}

  /** As the system. */
  due(): Promise<Pick<Run, 'id' | 'userId'>[]> {
    const ended = { threadKept: true, finishedAt: { $lt: new Date(Date.now() - KEPT_MS) } };
    return this.em.find(Run, ended, { fields: ['id', 'userId'], orderBy: { finishedAt: 'asc' }, limit: AT_ONCE });
  }

  /** As that user; safe to repeat. */
  async execute({ id, userId }: Pick<Run, 'id' | 'userId'>): Promise<void> {
    await this.checkpointer.forget(userId, [id]);
    await this.em.nativeUpdate(Run, { id, userId }, { threadKept: false });
  }
}
