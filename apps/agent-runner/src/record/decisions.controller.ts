import { type DecisionView, type Page, type PageQuery, pageQuery } from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Query } from '@nestjs/common';
import { Decision } from '../decisions/decision.entity.js';
import { presentDecision } from './decision.presenter.js';

@Access('user')
@Controller('v1/decisions')
export class DecisionsController {
  constructor(
    private readonly em: EntityManager,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  async list(@SignedIn() user: Principal, @Query({ schema: pageQuery }) { limit, cursor }: PageQuery): Promise<Page<DecisionView>> {
    const [after] = this.cursors.read(cursor, user.id, 'decisions') ?? [];
    const where = { userId: user.id, ...(after && { seq: { $lt: Number(after) } }) };
    const rows = await this.em.find(Decision, where, { orderBy: { seq: 'desc' }, limit: limit + 1 });
    return this.cursors.page(rows, { limit, user: user.id, list: 'decisions', key: ({ seq }) => [String(seq)], present: presentDecision });
  }
}
