import { AgentRunApprovalRequested } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { addDecisions } from '../decisions/decisions.js';
import { type Lease, limitReached, lockRun, RunFailure } from '../queue/lease.js';
import { DAY_MS } from '../runs/run.entity.js';
import type { KnownApproval } from '../tools/known-calls.js';
import type { OfferedTool } from '../tools/toolset.js';
import { Approval } from './approval.entity.js';

/** Approvals that one run may have waiting. */
const MAX_WAITING = 5;

export interface Question {
  callId: string;
  tool: OfferedTool;
  args: Record<string, unknown>;
  argsHash: string;
  /** For the log of decisions, and for who decides. */
  code: string;
  why: string;
}

export type Answer = { state: 'waiting' } | { state: 'rejected'; reason: string | null } | { state: 'approved'; approvalId: string };

@Injectable()
export class AskApproval {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** The user's answer, or `waiting`, after asking if that was not done yet. It counts for this account and these arguments only. */
  async execute(lease: Lease, question: Question, known: KnownApproval | null): Promise<Answer> {
    const fits = known && known.accountId === question.tool.account.id && known.argsHash === question.argsHash;
    if (fits && known.state !== 'used') return answerOf(known);
    await this.ask(lease, question);
    return { state: 'waiting' };
  }

  @Transactional()
  private async ask(lease: Lease, { callId, tool, args, argsHash, code, why }: Question): Promise<void> {
    const run = await lockRun(this.em, lease);
    const { id: runId, userId } = run;
    const open = ['waiting', 'approved', 'rejected'] as Approval['state'][];
    const before = { runId, userId, toolCallId: callId, state: { $in: open } };
    await this.em.nativeUpdate(Approval, before, { state: 'cancelled' }); // for another account, or other arguments
    const waiting = await this.em.count(Approval, { runId, userId, state: 'waiting' });
    if (waiting >= MAX_WAITING) throw limitReached(`Stopped: more than ${MAX_WAITING} actions waited for you at once.`);
    const expiresAt = new Date(Date.now() + DAY_MS);
    const { name, title, account, connectionId } = tool;
    const bound = { runId, userId, toolCallId: callId, tool: name, app: account.app, connectionId, accountId: account.id, argsHash };
    const row = { ...bound, id: v7(), class: tool.class, summary: title, why, arguments: args, expiresAt };
    this.em.persist(Object.assign(new Approval(), row));
    const about = { approvalId: row.id, tool: name, app: account.app, summary: title, expiresAt: expiresAt.toISOString() };
    this.em.persist(run.event('approval.requested', { ...about, toolCallId: callId, accountId: tool.account.id, why }));
    this.outbox.add(AgentRunApprovalRequested, { runId, userId, ...about });
    const data = { approvalId: row.id, toolCallId: callId, tool: name, app: account.app, accountId: account.id, argsHash, why: code };
    await addDecisions(this.em, [{ userId, runId, kind: 'tool.asked', data }]);
  }
}

function answerOf(approval: KnownApproval): Answer {
  const over = approval.state === 'expired' || (approval.state !== 'rejected' && approval.expired);
  if (over) throw new RunFailure({ code: 'approval_expired', message: 'Stopped: an action was not approved in time.' });
  if (approval.state === 'rejected') return { state: 'rejected', reason: approval.reason };
  return approval.state === 'approved' ? { state: 'approved', approvalId: approval.id } : { state: 'waiting' };
}
