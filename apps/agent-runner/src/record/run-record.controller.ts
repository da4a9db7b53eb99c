import { type Page, type PageQuery, pageQuery, type RunCallView, type RunEventView } from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Run } from '../runs/run.entity.js';
import { RunEvent } from '../runs/run-event.entity.js';
import { ToolCall } from '../tools/tool-call.entity.js';
import { approvalsOfCalls } from './approvals-of-calls.js';
import { presentCall } from './call.presenter.js';
import { presentEvent } from './event.presenter.js';

/** A run's record in pages: to be shown, or kept, without a stream. */
@Access('user')
@Controller('v1/runs/:id')
export class RunRecordController {
  constructor(
    private readonly em: EntityManager,
    private readonly cursors: Cursors,
  ) {}

  @Get('timeline')
  async timeline(
    @SignedIn() user: Principal,
    @Param('id', { schema: z.uuid() }) runId: string,
    @Query({ schema: pageQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<RunEventView>> {
    const list = `timeline ${runId}`;
    const [seen] = this.cursors.read(cursor, user.id, list) ?? [];
    await this.theirs(user, runId);
    const where = { runId, userId: user.id, ...(seen && { seq: { $gt: Number(seen) } }) };
    const rows = await this.em.find(RunEvent, where, { orderBy: { seq: 'asc' }, limit: limit + 1 });
    return this.cursors.page(rows, { limit, user: user.id, list, key: ({ seq }) => [String(seq)], present: presentEvent });
  }

  @Get('calls')
  async calls(
    @SignedIn() user: Principal,
    @Param('id', { schema: z.uuid() }) runId: string,
    @Query({ schema: pageQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<RunCallView>> {
    const list = `calls ${runId}`;
    const [at, id] = this.cursors.read(cursor, user.id, list) ?? [];
    await this.theirs(user, runId);
    const startedAt = new Date(at ?? 0);
    const newer = at && id ? { $or: [{ startedAt: { $gt: startedAt } }, { startedAt, toolCallId: { $gt: id } }] } : {};
    const rows = await this.em.find(
      ToolCall,
      { runId, userId: user.id, ...newer },
      { orderBy: { startedAt: 'asc', toolCallId: 'asc' }, limit: limit + 1 },
    );
    const approvals = await approvalsOfCalls(this.em, user.id, runId, rows);
    return this.cursors.page(rows, {
      limit,
      user: user.id,
      list,
      key: (call) => [call.startedAt.toISOString(), call.toolCallId],
      present: (call) => presentCall(call, approvals.get(call.toolCallId) ?? null),
    });
  }

  /** Another user's, too, is not found: that it exists is not ours to tell. */
  private async theirs(user: Principal, id: string): Promise<void> {
    if (!(await this.em.count(Run, { id, userId: user.id }))) throw new NotFoundException();
  }
}
