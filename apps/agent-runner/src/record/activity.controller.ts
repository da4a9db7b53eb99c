import { type ActivityQuery, type ActivityView, activityQuery, type Page } from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Query } from '@nestjs/common';
import { ToolCall } from '../tools/tool-call.entity.js';
import { presentActivity } from './activity.presenter.js';

@Access('user')
@Controller('v1/activity')
export class ActivityController {
  constructor(
    private readonly em: EntityManager,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  async list(
    @SignedIn() user: Principal,
    @Query({ schema: activityQuery }) { limit, cursor, app, runId, connectionId }: ActivityQuery,
  ): Promise<Page<ActivityView>> {
    const list = `activity ${JSON.stringify([app, runId, connectionId])}`;
    const [at, run, call] = this.cursors.read(cursor, user.id, list) ?? [];
    const older = at && run && call ? after(new Date(at), run, call) : {};
    const chosen = { ...(app && { app }), ...(runId && { runId }), ...(connectionId && { connectionId }) };
    const calls = await this.em.find(
      ToolCall,
      { userId: user.id, ...chosen, ...older },
      { orderBy: { startedAt: 'desc', runId: 'desc', toolCallId: 'desc' }, limit: limit + 1 },
    );
    const key = (one: ToolCall) => [one.startedAt.toISOString(), one.runId, one.toolCallId];
    return this.cursors.page(calls, { limit, user: user.id, list, key, present: presentActivity });
  }
}

const after = (startedAt: Date, runId: string, toolCallId: string) => ({
  $or: [{ startedAt: { $lt: startedAt } }, { startedAt, runId: { $lt: runId } }, { startedAt, runId, toolCallId: { $lt: toolCallId } }],
});
