import {
  type AuditHealth,
  type OperatorAnswer,
  type OperatorWish,
  operatorWish,
  type Timeline,
  type TimelineQuery,
  timelineQuery,
  userId as validUser,
} from '@gatehouse/contracts';
import { asSystem, asUsers } from '@gatehouse/persistence';
import { Access, type Principal, Problem, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { WatchedConnection } from '../watch/watched-connection.entity.js';
import { AskSweep } from './ask-sweep.js';
import { MeasureAudit } from './measure-audit.js';

/** How the audit fares, for operators. */
@Controller('admin')
@Access('operator')
export class OperatorsController {
  constructor(
    private readonly em: EntityManager,
    private readonly measureAudit: MeasureAudit,
    private readonly askSweep: AskSweep,
  ) {}

  @Get('audit')
  audit(): Promise<AuditHealth> {
    return asSystem(this.em, () => this.measureAudit.execute());
  }

  @Post('sweep')
  @HttpCode(200)
  async sweep(@SignedIn() operator: Principal, @Body({ schema: operatorWish }) { reason, dryRun }: OperatorWish): Promise<OperatorAnswer> {
    const answer = await asSystem(this.em, () => this.askSweep.execute({ by: operator.id, note: reason }, { dryRun }));
    if (!answer) throw new Problem(409, 'conflict', 'A sweep is under way.');
    return answer;
  }

  /** What is watched of this user: the last break of each connection, its last check, and its removal. */
  @Get('users/:userId/timeline')
  timeline(
    @Param('userId', { schema: validUser }) userId: string,
    @Query({ schema: timelineQuery }) { limit, before }: TimelineQuery,
  ): Promise<Timeline> {
    return asUsers(this.em, [userId], async () => {
      const watched = await this.em.find(WatchedConnection, { userId });
      const all = watched.flatMap(({ id, app, brokenAt, checkedAt, removedAt }) => [
        ...(brokenAt ? [{ at: brokenAt.toISOString(), kind: 'audit', id, app, state: 'broken', detail: null }] : []),
        ...(checkedAt ? [{ at: checkedAt.toISOString(), kind: 'audit', id, app, state: 'checked', detail: null }] : []),
        ...(removedAt ? [{ at: removedAt.toISOString(), kind: 'audit', id, app, state: 'removed', detail: null }] : []),
      ]);
      const older = all.filter(({ at }) => !before || at < new Date(before).toISOString()).sort((a, b) => b.at.localeCompare(a.at));
      return { data: older.slice(0, limit), more: older.length > limit };
    });
  }
}
