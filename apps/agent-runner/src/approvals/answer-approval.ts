import { AgentRunResumed, type Decision } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { Problem } from '@gatehouse/runtime';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, NotFoundException } from '@nestjs/common';
import { v7 } from 'uuid';
import { moveLanes } from '../queue/lanes.js';
import { Run } from '../runs/run.entity.js';
import { argsHash } from '../tools/args-hash.js';
import { isStorable } from '../tools/arguments.js';
import { Approval } from './approval.entity.js';

@Injectable()
export class AnswerApproval {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** Decides once. The run goes on when nothing of it waits any more. */
  @Transactional()
  async execute(userId: string, id: string, decision: Decision): Promise<Approval> {
    if (decision.decision === 'edit' && !isStorable(decision.arguments)) {
      throw new Problem(400, 'invalid_input', 'A text in the arguments holds a zero byte or half a character.');
    }
    const asked = await this.em.findOne(Approval, { id, userId });
    if (!asked) throw new NotFoundException(); // another user's, too: that it exists is not ours to tell
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
    const run = await this.em.findOneOrFail(Run, { id: asked.runId, userId }, lock); // before the approval: as everybody else
    const approval = await this.em.findOneOrFail(Approval, { id, userId }, lock);
    const now = new Date();
    if (approval.state !== 'waiting') throw new Problem(409, 'already_decided', 'This was already decided.');
    if (approval.expiresAt <= now) throw new Problem(409, 'approval_expired', 'This was not decided in time.');
    const decided = this.apply(approval, decision, now);
    this.em.persist(run.event('approval.decided', { approvalId: id, decision: decision.decision, tool: approval.tool }));
    await this.em.flush();
    await this.goOn(run);
    return decided;
  }

  private apply(approval: Approval, decision: Decision, now: Date): Approval {
    if (decision.decision === 'approve') approval.decide('approved', now);
    if (decision.decision === 'reject') {
      approval.decide('rejected', now);
      approval.reason = decision.reason ?? null;
    }
    if (decision.decision !== 'edit') return approval;
    approval.decide('edited', now);
    const { runId, toolCallId, userId, tool, app, connectionId, accountId, summary, why, expiresAt } = approval;
    const edited = Object.assign(new Approval(), {
      id: v7(),
      runId,
      toolCallId,
      userId,
      tool,
      app,
      connectionId,
      accountId,
      summary,
      why,
      expiresAt,
    });
    edited.arguments = decision.arguments;
    edited.argsHash = argsHash(decision.arguments);
    edited.createdAt = now;
    edited.decide('approved', now);
    this.em.persist(edited);
    return edited;
  }

  private async goOn(run: Run): Promise<void> {
    if (run.state !== 'parked' || run.waitingFor !== 'approval') return;
    if (await this.em.count(Approval, { runId: run.id, userId: run.userId, state: 'waiting' })) return;
    run.wake();
    await moveLanes(this.em, [{ userId: run.userId, ready: 1 }]);
    this.em.persist(run.event('run.resumed', { after: 'approval' }));
    this.outbox.add(AgentRunResumed, { runId: run.id, userId: run.userId, after: 'approval' });
  }
}
