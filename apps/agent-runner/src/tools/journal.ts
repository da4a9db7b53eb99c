import { ConnectionSuspected } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { raw } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Approval } from '../approvals/approval.entity.js';
import { type Lease, limitReached, lockRun, RunFailure, RunStopped } from '../queue/lease.js';
import { ToolCall } from './tool-call.entity.js';
import type { OfferedTool } from './toolset.js';

/** Tool calls of one run at the most. */
export const MAX_TOOL_CALLS = 25;

export interface Intent {
  callId: string;
  tool: OfferedTool;
  argsHash: string;
  decision: 'allowed' | 'approved' | 'unattended';
  approvalId?: string;
}

export type Outcome = { state: 'done' | 'unknown'; result: string } | { state: 'failed'; result: string; refused?: string };

/** Written around every call: `started` before it leaves, its outcome after. Each write demands the lease. */
@Injectable()
export class Journal {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  find({ runId, userId }: Lease, toolCallId: string): Promise<ToolCall | null> {
    return this.em.findOne(ToolCall, { runId, userId, toolCallId }, { refresh: true });
  }

  /** True when the outcome of some write of this run is not known. */
  async unconfirmed({ runId, userId }: Lease): Promise<boolean> {
    return (await this.em.count(ToolCall, { runId, userId, state: 'unknown' })) > 0;
  }

  /** After this the call may leave, and only then. Uses up the approval in the same transaction. */
  @Transactional()
  async start(lease: Lease, intent: Intent): Promise<void> {
    const run = await lockRun(this.em, lease, { live: true });
    if (run.cancelAskedBy) throw new RunStopped();
    if (run.toolCalls >= MAX_TOOL_CALLS) throw limitReached(`Stopped after ${MAX_TOOL_CALLS} actions, the limit for one run.`);
    run.toolCalls += 1;
    if (intent.approvalId) await this.consume(lease, intent);
    const { callId, tool } = intent;
    const known = await this.em.findOne(ToolCall, { runId: run.id, userId: run.userId, toolCallId: callId }, { refresh: true });
    const row = known ?? Object.assign(new ToolCall(), { runId: run.id, toolCallId: callId, userId: run.userId, tool: tool.name });
    Object.assign(row, {
      app: tool.account.app,
      connectionId: tool.connectionId,
      accountId: tool.account.id,
      epoch: tool.epoch,
      class: tool.class,
      decision: intent.decision,
      argsHash: intent.argsHash,
      state: 'started',
      credentialsRefused: false,
      result: null,
      fence: lease.fence,
      startedAt: new Date(),
      endedAt: null,
    });
    this.em.persist(row);
    this.em.persist(run.event('tool.started', { ...about(row), decision: row.decision }));
  }

  @Transactional()
  async finish(lease: Lease, callId: string, outcome: Outcome): Promise<void> {
    const run = await lockRun(this.em, lease);
    const row = await this.em.findOneOrFail(ToolCall, { runId: run.id, userId: run.userId, toolCallId: callId }, { refresh: true });
    Object.assign(row, { state: outcome.state, result: outcome.result, endedAt: new Date() });
    run.tainted = true; // whatever a tool answered came from outside
    const type = { done: 'tool.finished', failed: 'tool.failed', unknown: 'tool.unconfirmed' }[outcome.state];
    this.em.persist(run.event(type, about(row)));
    if (outcome.state !== 'failed' || !outcome.refused) return;
    row.credentialsRefused = true;
    const { connectionId, userId, accountId, epoch } = row;
    this.outbox.add(ConnectionSuspected, { connectionId, userId, accountId, epoch, evidence: outcome.refused.slice(0, 500) });
  }

  /** It surely never left: as if it had not been tried. Its approval, if it had one, is good again. */
  @Transactional()
  async forget(lease: Lease, { callId, approvalId }: Intent): Promise<void> {
    const run = await lockRun(this.em, lease);
    run.toolCalls -= 1;
    await this.em.nativeDelete(ToolCall, { runId: run.id, userId: run.userId, toolCallId: callId });
    if (approvalId) await this.em.nativeUpdate(Approval, { id: approvalId, userId: run.userId, state: 'used' }, { state: 'approved' });
  }

  /** The model asked for what this run may not do. */
  @Transactional()
  async refuse(lease: Lease, callId: string, tool: string, why: string): Promise<void> {
    const run = await lockRun(this.em, lease);
    this.em.persist(run.event('tool.refused', { toolCallId: callId, tool: tool.slice(0, 128), why }));
  }

  private async consume(lease: Lease, { approvalId, argsHash, tool, callId }: Intent): Promise<void> {
    const bound = { runId: lease.runId, userId: lease.userId, toolCallId: callId, tool: tool.name, argsHash, accountId: tool.account.id };
    const used = await this.em.nativeUpdate(
      Approval,
      { id: approvalId as string, ...bound, state: 'approved', expiresAt: { $gt: raw('now()') } },
      { state: 'used' },
    );
    if (used !== 1) throw new RunFailure({ code: 'approval_expired', message: 'The approval for this action was no longer good.' });
  }
}

const about = ({ toolCallId, tool, app, accountId }: ToolCall) => ({ toolCallId, tool, app, accountId });
