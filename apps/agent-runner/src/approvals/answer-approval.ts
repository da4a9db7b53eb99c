import { AgentRunResumed, type Decision } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { Problem } from '@gatehouse/runtime';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, NotFoundException } from '@nestjs/common';
import { v7 } from 'uuid';
import { addDecisions } from '../decisions/decisions.js';
import { moveLanes } from '../queue/lanes.js';
import { Run } from '../runs/run.entity.js';
import { argsHash } from '../tools/args-hash.js';
import { isStorable, mistakesIn } from '../tools/arguments.js';
import { Definitions } from '../tools/definitions.js';
import { Journal } from '../tools/journal.js';
import { Approval } from './approval.entity.js';

@Injectable()
export class AnswerApproval {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
    private readonly definitions: Definitions,
    private readonly journal: Journal,
  ) {}

  /** Decides once. The run goes on when nothing of it waits any more. */
  @Transactional()
  async execute(userId: string, id: string, decision: Decision): Promise<Approval> {
    const asked = await this.em.findOne(Approval, { id, userId });
    if (!asked) throw new NotFoundException(); // another user's, too: that it exists is not ours to tell
    if (decision.decision === 'edit') this.check(asked, decision.arguments);
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
    const run = await this.em.findOneOrFail(Run, { id: asked.runId, userId }, lock); // before the approval: as everybody else
    const approval = await this.em.findOneOrFail(Approval, { id, userId }, lock);
    const now = new Date();
    if (approval.state !== 'waiting') throw decidedBefore(approval);
    if (approval.expiresAt <= now) throw new Problem(409, 'approval_expired', 'This was not decided in time.');
    const decided = this.apply(approval, decision, now);
    if (decision.decision === 'reject') await this.journal.rejected(run.fence, approval);
    this.em.persist(
      run.event('approval.decided', { approvalId: id, decision: decision.decision, tool: approval.tool, toolCallId: approval.toolCallId }),
    );
    await this.em.flush();
    await this.goOn(run);
    await this.note(approval, decided);
    return decided;
  }

  /** Here, where a person can still mend it, if the tool is known here; before the call in any case. */
  private check({ tool }: Approval, args: Record<string, unknown>): void {
    if (!isStorable(args)) throw new Problem(400, 'invalid_input', 'A text in the arguments holds a zero byte or half a character.');
    const definition = this.definitions.known(tool);
    const errors = definition ? mistakesIn(definition, args) : [];
    if (errors.length) throw new Problem(422, 'bad_arguments', 'This cannot be sent as it is.', { errors });
  }

  private apply(approval: Approval, decision: Decision, now: Date): Approval {
    if (decision.decision === 'approve') approval.decide('approved', now);
    if (decision.decision === 'reject') {
      approval.decide('rejected', now);
      approval.reason = decision.reason ?? null;
    }
    if (decision.decision !== 'edit') return approval;
    approval.decide('edited', now);
    const { id, runId, toolCallId, userId, tool, app, connectionId, accountId, summary, why, expiresAt } = approval;
    const bound = { runId, toolCallId, userId, tool, app, class: approval.class, connectionId, accountId, summary, why, expiresAt };
    const edited = Object.assign(new Approval(), bound, { id: v7(), editedFrom: id, createdAt: now });
    edited.arguments = decision.arguments;
    edited.argsHash = argsHash(decision.arguments);
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

  private async note(approval: Approval, decided: Approval): Promise<void> {
    const { userId, runId, toolCallId, tool, accountId } = approval;
    const kind = `approval.${approval.state as 'approved' | 'edited' | 'rejected'}` as const;
    const asked = { approvalId: approval.id, toolCallId, tool, accountId, argsHash: approval.argsHash };
    const data = decided === approval ? asked : { ...asked, editedTo: decided.id, editedHash: decided.argsHash };
    await addDecisions(this.em, [{ userId, runId, kind, data }]);
  }
}

const SAID: Readonly<Record<string, string>> = {
  approved: 'You already approved this',
  used: 'You already approved this',
  edited: 'You already changed and approved this',
  rejected: 'You already said no to this',
};

/** So that a second tab, or a second click, can say what happened. */
function decidedBefore({ state, decidedAt }: Approval): Problem {
  if (state === 'expired') return new Problem(409, 'approval_expired', 'This was not decided in time.');
  const said = SAID[state];
  if (!said || !decidedAt) return new Problem(409, 'already_decided', 'This is no longer needed: the agent goes on without it.');
  return new Problem(409, 'already_decided', `${said}, at ${decidedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.`);
}
