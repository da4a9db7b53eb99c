import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Checkpointer } from '../agent/checkpointer.js';
import { Approval } from '../approvals/approval.entity.js';
import { Decision } from '../decisions/decision.entity.js';
import { DecisionHead } from '../decisions/decision-head.entity.js';
import { UserLane } from '../queue/user-lane.entity.js';
import { LIVE, Run } from '../runs/run.entity.js';
import { RunEvent } from '../runs/run-event.entity.js';
import { ToolSetting } from '../settings/tool-setting.entity.js';
import { ToolCall } from '../tools/tool-call.entity.js';
import { UserTombstone } from './user-tombstone.entity.js';

/** Takes down what is kept of users who are gone, once nothing of theirs runs any more. */
@Injectable()
export class ForgetUsers {
  constructor(
    private readonly em: EntityManager,
    private readonly checkpointer: Checkpointer,
  ) {}

  /** As the system. */
  async due(): Promise<string[]> {
    const gone = await this.em.find(UserTombstone, { forgottenAt: null }, { limit: 20, orderBy: { deletedAt: 'asc' } });
    return gone.map(({ id }) => id);
  }

  /** As that user: what was kept of the model's work. True when nothing of theirs runs any more. */
  async forgetCheckpoints(userId: string): Promise<boolean> {
    const runs = await this.em.find(Run, { userId }, { fields: ['id', 'state'] });
    if (runs.some(({ state }) => LIVE.includes(state))) return false;
    await this.checkpointer.forget(
      userId,
      runs.map(({ id }) => id),
    );
    return true;
  }

  /** As the system; safe to repeat. */
  @Transactional()
  async forget(userId: string): Promise<void> {
    const tombstone = await this.em.findOneOrFail(UserTombstone, userId, { lockMode: LockMode.PESSIMISTIC_WRITE });
    await this.em.nativeDelete(RunEvent, { userId });
    await this.em.nativeDelete(ToolCall, { userId });
    await this.em.nativeDelete(Approval, { userId });
    await this.em.nativeDelete(ToolSetting, { userId });
    await this.em.nativeDelete(Run, { userId });
    await this.em.nativeDelete(UserLane, { userId });
    await this.em.nativeDelete(Decision, { userId });
    await this.em.nativeDelete(DecisionHead, { userId });
    tombstone.forgottenAt = new Date();
  }
}
