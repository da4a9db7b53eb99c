import { type ApprovalsQuery, type ApprovalView, approvalsQuery, type Decision, decision, type Page } from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { AnswerApproval } from './answer-approval.js';
import { Approval } from './approval.entity.js';
import { presentApproval } from './approval.presenter.js';

@Access('user')
@Controller('v1/approvals')
export class ApprovalsController {
  constructor(
    private readonly em: EntityManager,
    private readonly answerApproval: AnswerApproval,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  async list(
    @SignedIn() user: Principal,
    @Query({ schema: approvalsQuery }) { limit, cursor, runId }: ApprovalsQuery,
  ): Promise<Page<ApprovalView>> {
    const list = `approvals ${runId ?? ''}`;
    const [after] = this.cursors.read(cursor, user.id, list) ?? [];
    const where = { userId: user.id, state: 'waiting' as const, ...(runId && { runId }), ...(after && { id: { $gt: after } }) };
    const rows = await this.em.find(Approval, where, { orderBy: { id: 'asc' }, limit: limit + 1 }); // ids are made in the order of time
    return this.cursors.page(rows, { limit, user: user.id, list, key: ({ id }) => [id], present: presentApproval });
  }

  /** A decided one, too: a second tab can say how it was decided. */
  @Get(':id')
  async one(@SignedIn() user: Principal, @Param('id', { schema: z.uuid() }) id: string): Promise<ApprovalView> {
    const approval = await this.em.findOne(Approval, { id, userId: user.id });
    if (!approval) throw new NotFoundException(); // another user's, too
    return presentApproval(approval);
  }

  @Post(':id/decision')
  @HttpCode(200)
  async decide(
    @SignedIn() user: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: decision }) body: Decision,
  ): Promise<ApprovalView> {
    return presentApproval(await this.answerApproval.execute(user.id, id, body));
  }
}
