import {
  type AdminRun,
  type AdminRunsQuery,
  adminRunsQuery,
  type OperatorAnswer,
  type OperatorWish,
  operatorWish,
  type Page,
  type RunsHealth,
} from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { Access, Cursors, type Principal, Problem, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Run } from '../runs/run.entity.js';
import { MeasureRuns } from './measure-runs.js';
import { StopRun } from './stop-run.js';

/** How runs fare, for operators; never what they were asked or what they said. */
@Controller('admin/runs')
@Access('operator')
export class OperatorsController {
  constructor(
    private readonly em: EntityManager,
    private readonly measureRuns: MeasureRuns,
    private readonly stopRun: StopRun,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  health(): Promise<RunsHealth> {
    return this.measureRuns.execute();
  }

  @Get('list')
  async list(@SignedIn() operator: Principal, @Query({ schema: adminRunsQuery }) query: AdminRunsQuery): Promise<Page<AdminRun>> {
    const { limit, cursor, userId, state } = query;
    const list = `runs ${userId} ${state}`;
    const [at, id] = this.cursors.read(cursor, operator.id, list) ?? [];
    const older = at && id ? { $or: [{ createdAt: { $lt: new Date(at) } }, { createdAt: new Date(at), id: { $lt: id } }] } : {};
    const where = { ...(userId && { userId }), ...(state && { state }), ...older };
    const runs = await asSystem(this.em, () =>
      this.em.find(Run, where, { orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1, exclude: ['input', 'output'] }),
    );
    const key = (run: (typeof runs)[number]) => [run.createdAt.toISOString(), run.id];
    return this.cursors.page(runs, { limit, user: operator.id, list, key, present });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(
    @SignedIn() operator: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: operatorWish }) { reason, dryRun }: OperatorWish,
  ): Promise<OperatorAnswer> {
    const answer = await asSystem(this.em, () => this.stopRun.execute(id, { by: operator.id, note: reason }, { dryRun }));
    if (!answer) throw new Problem(404, 'not_found', 'There is no such run.');
    return answer;
  }
}

type Shown = Pick<Run, 'id' | 'userId' | 'state' | 'agent' | 'waitingFor' | 'error' | 'toolCalls' | 'tokens' | 'createdAt' | 'finishedAt'>;

function present({ id, userId, state, agent, waitingFor, error, toolCalls, tokens, createdAt, finishedAt }: Shown): AdminRun {
  return {
    ...{ id, userId, state, agent, waitingFor: waitingFor ?? null, errorCode: error?.code ?? null, toolCalls, tokens },
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
