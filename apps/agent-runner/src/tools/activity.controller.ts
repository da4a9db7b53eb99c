import { type ActivityView, type Page, type PageQuery, pageQuery } from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Query } from '@nestjs/common';
import { ToolCall } from './tool-call.entity.js';

@Access('user')
@Controller('v1/activity')
export class ActivityController {
  constructor(
    private readonly em: EntityManager,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  async list(@SignedIn() user: Principal, @Query({ schema: pageQuery }) { limit, cursor }: PageQuery): Promise<Page<ActivityView>> {
    const [at, runId, toolCallId] = this.cursors.read(cursor, user.id, 'activity') ?? [];
    const older = at && runId && toolCallId ? after(new Date(at), runId, toolCallId) : {};
    const calls = await this.em.find(
      ToolCall,
      { userId: user.id, ...older },
      { orderBy: { startedAt: 'desc', runId: 'desc', toolCallId: 'desc' }, limit: limit + 1 },
    );
    const key = (call: ToolCall) => [call.startedAt.toISOString(), call.runId, call.toolCallId];
    return this.cursors.page(calls, { limit, user: user.id, list: 'activity', key, present });
  }
}

const after = (startedAt: Date, runId: string, toolCallId: string) => ({
  $or: [{ startedAt: { $lt: startedAt } }, { startedAt, runId: { $lt: runId } }, { startedAt, runId, toolCallId: { $lt: toolCallId } }],
});

function present(call: ToolCall): ActivityView {
  const { runId, toolCallId, tool, app, accountId, connectionId, decision, state } = call;
  const times = { startedAt: call.startedAt.toISOString(), endedAt: call.endedAt?.toISOString() ?? null };
  return { runId, toolCallId, tool, app, accountId, connectionId, class: call.class, decision, state, ...times };
}
