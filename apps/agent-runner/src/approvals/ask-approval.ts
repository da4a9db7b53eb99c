import { AgentRunApprovalRequested } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { type Lease, limitReached, lockRun, RunFailure } from '../queue/lease.js';
import { DAY_MS } from '../runs/run.entity.js';
import { argsHash } from '../tools/args-hash.js';
import type { OfferedTool } from '../tools/toolset.js';
import { Approval } from './approval.entity.js';

/** Approvals that one run may have waiting. */
const MAX_WAITING = 5;

export interface Question {
  callId: string;
  tool: OfferedTool;
  args: Record<string, unknown>;
  why: string;
}

export type Answer = { state: 'waiting' } | { state: 'rejected'; reason: string | null } | { state: 'approved'; approvalId: string };

@Injectable()
export class AskApproval {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** The one that counts for this call: an edited one is replaced by the row that its edit made. */
  of({ runId, userId }: Lease, toolCallId: string): Promise<Approval | null> {
    return this.em.findOne(
      Approval,
      { runId, userId, toolCallId, state: { $nin: ['edited', 'cancelled'] } },
      { orderBy: { createdAt: 'desc', id: 'desc' }, refresh: true },
    );
  }

  /** The user's answer, or `waiting`, after asking if that was not done yet. It counts for this account and these arguments only. */
  @Transactional()
  async execute(lease: Lease, { callId, tool, args, why }: Question): Promise<Answer> {
    const run = await lockRun(this.em, lease);
    const known = await this.of(lease, callId);
    const hash = argsHash(args);
    if (known && known.accountId === tool.account.id && known.argsHash === hash && known.state !== 'used') return answerOf(known);
    if (known && known.state !== 'used') known.state = 'cancelled';
    const waiting = await this.em.count(Approval, { runId: run.id, userId: run.userId, state: 'waiting' });
    if (waiting >= MAX_WAITING) throw limitReached(`Stopped: more than ${MAX_WAITING} actions waited for you at once.`);
    const { id: runId, userId } = run;
    const expiresAt = new Date(Date.now() + DAY_MS);
    const bound = { runId, userId, toolCallId: callId, tool: tool.name, app: tool.account.app, summary: tool.title };
    const account = { connectionId: tool.connectionId, accountId: tool.account.id };
    const approval = Object.assign(new Approval(), { id: v7(), ...bound, ...account, why, arguments: args, argsHash: hash, expiresAt });
    this.em.persist(approval);
    const about = {
      approvalId: approval.id,
      tool: tool.name,
      app: tool.account.app,
      summary: tool.title,
      expiresAt: expiresAt.toISOString(),
    };
    this.em.persist(run.event('approval.requested', { ...about, why }));
    this.outbox.add(AgentRunApprovalRequested, { runId, userId, ...about });
    return { state: 'waiting' };
  }
}

function answerOf(approval: Approval): Answer {
  const over = approval.state === 'expired' || (approval.state !== 'rejected' && approval.expiresAt < new Date());
  if (over) throw new RunFailure({ code: 'approval_expired', message: 'Stopped: an action was not approved in time.' });
  if (approval.state === 'rejected') return { state: 'rejected', reason: approval.reason ?? null };
  return approval.state === 'approved' ? { state: 'approved', approvalId: approval.id } : { state: 'waiting' };
}
