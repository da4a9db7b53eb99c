import { Transactional } from '@gatehouse/persistence';
import { Problem } from '@gatehouse/runtime';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, NotFoundException } from '@nestjs/common';
import { addDecisions } from '../decisions/decisions.js';
import { ToolCall } from './tool-call.entity.js';

@Injectable()
export class ConfirmOutcome {
  constructor(private readonly em: EntityManager) {}

  /** What its user found out about a call whose outcome was not known, once. Nothing is sent for it; the run's other writes are free again. */
  @Transactional()
  async execute(call: { userId: string; runId: string; toolCallId: string }, happened: boolean): Promise<ToolCall> {
    const row = await this.em.findOne(ToolCall, call, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    if (!row) throw new NotFoundException(); // another user's, too
    if (row.state !== 'unknown') throw new Problem(409, 'outcome_known', 'What became of this is known.');
    if (typeof row.happened === 'boolean') throw new Problem(409, 'outcome_known', 'You already said what became of this.');
    row.happened = happened;
    const { userId, runId, toolCallId, tool } = row;
    await addDecisions(this.em, [{ userId, runId, kind: 'tool.confirmed', data: { toolCallId, tool, happened } }]);
    return row;
  }
}
