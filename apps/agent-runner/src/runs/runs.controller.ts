import { type Page, type RunRequest, type RunsQuery, type RunView, runRequest, runsQuery } from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Headers, HttpCode, NotFoundException, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Approval } from '../approvals/approval.entity.js';
import { AskRun } from './ask-run.js';
import { CancelRuns } from './cancel-runs.js';
import { Run } from './run.entity.js';
import { presentRun } from './run.presenter.js';

const SHOWN: Readonly<Record<NonNullable<RunsQuery['show']>, Run['state'][]>> = {
  waiting: ['parked'],
  working: ['queued', 'delayed', 'running'],
  completed: ['completed'],
  failed: ['failed'],
  cancelled: ['cancelled'],
};

@Access('user')
@Controller('v1/runs')
export class RunsController {
  constructor(
    private readonly em: EntityManager,
    private readonly askRun: AskRun,
    private readonly cancelRuns: CancelRuns,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  async list(@SignedIn() user: Principal, @Query({ schema: runsQuery }) { limit, cursor, show }: RunsQuery): Promise<Page<RunView>> {
    const list = `runs ${show ?? ''}`;
    const [at, id] = this.cursors.read(cursor, user.id, list) ?? [];
    const older = at && id ? { $or: [{ createdAt: { $lt: new Date(at) } }, { createdAt: new Date(at), id: { $lt: id } }] } : {};
    const where = { userId: user.id, ...(show && { state: { $in: SHOWN[show] } }), ...older };
    const runs = await this.em.find(Run, where, { orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1 });
    const approvals = await this.approvalsOf(user.id, runs);
    return this.cursors.page(runs, {
      limit,
      user: user.id,
      list,
      key: (run) => [run.createdAt.toISOString(), run.id],
      present: (run) => presentRun(run, approvals.get(run.id)),
    });
  }

  @Post()
  @HttpCode(202)
  async ask(
    @SignedIn() user: Principal,
    @Body({ schema: runRequest }) request: RunRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RunView> {
    const run = await this.askRun.execute(user.id, request, key);
    reply.header('location', `/v1/runs/${run.id}`);
    return presentRun(run);
  }

  @Get(':id')
  async one(@SignedIn() user: Principal, @Param('id', { schema: z.uuid() }) id: string): Promise<RunView> {
    const run = await this.em.findOne(Run, { id, userId: user.id });
    if (!run) throw new NotFoundException(); // another user's run, too: that it exists is not ours to tell
    return presentRun(run, (await this.approvalsOf(user.id, [run])).get(run.id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@SignedIn() user: Principal, @Param('id', { schema: z.uuid() }) runId: string): Promise<RunView> {
    const [run] = await this.cancelRuns.execute({ userIds: [user.id], runId, by: 'user' });
    if (!run) throw new NotFoundException();
    return presentRun(run);
  }

  private async approvalsOf(userId: string, runs: readonly Run[]): Promise<Map<string, string>> {
    const waiting = runs.filter(({ waitingFor }) => waitingFor === 'approval').map(({ id }) => id);
    if (!waiting.length) return new Map();
    const approvals = await this.em.find(Approval, { userId, runId: { $in: waiting }, state: 'waiting' }, { orderBy: { id: 'desc' } });
    return new Map(approvals.map(({ runId, id }) => [runId, id])); // the oldest is written last
  }
}
