import { type ApprovalView, type Decision, decision, type Page, type PageQuery, pageQuery } from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
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
  async list(@SignedIn() user: Principal, @Query({ schema: pageQuery }) { limit, cursor }: PageQuery): Promise<Page<ApprovalView>> {
    const after = this.cursors.read(cursor, user.id, 'approvals');
    const where = { userId: user.id, state: 'waiting' as const, ...(after?.[0] ? { id: { $gt: after[0] } } : {}) };
    const rows = await this.em.find(Approval, where, { orderBy: { id: 'asc' }, limit: limit + 1 }); // ids are made in the order of time
    return this.cursors.page(rows, { limit, user: user.id, list: 'approvals', key: ({ id }) => [id], present: presentApproval });
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
