import {
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
import { z } from 'zod';
import { Delivery } from '../deliveries/delivery.entity.js';
import { Notification } from '../notifications/notification.entity.js';
import { ResendNotification } from './resend-notification.js';

/** What was said to whom, for operators; never the words. */
@Controller('admin')
@Access('operator')
export class OperatorsController {
  constructor(
    private readonly em: EntityManager,
    private readonly resendNotification: ResendNotification,
  ) {}

  @Get('users/:userId/timeline')
  timeline(
    @Param('userId', { schema: validUser }) userId: string,
    @Query({ schema: timelineQuery }) { limit, before }: TimelineQuery,
  ): Promise<Timeline> {
    return asUsers(this.em, [userId], async () => {
      const where = { userId, ...(before && { createdAt: { $lt: new Date(before) } }) };
      const found = await this.em.find(Notification, where, { orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1 });
      const deliveries = await this.em.find(Delivery, { userId, notificationId: { $in: found.map(({ id }) => id) } });
      const data = found.slice(0, limit).map(({ id, createdAt, kind, app, state }) => {
        const sent = deliveries
          .filter((one) => one.notificationId === id)
          .map(({ channel, step, state: how }) => `${channel} ${step}: ${how}`);
        return { at: createdAt.toISOString(), kind, id, app: app ?? null, state, detail: sent.sort().join(', ') || null };
      });
      return { data, more: found.length > limit };
    });
  }

  @Post('notifications/:id/resend')
  @HttpCode(200)
  async resend(
    @SignedIn() operator: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: operatorWish }) { reason, dryRun }: OperatorWish,
  ): Promise<OperatorAnswer> {
    const answer = await asSystem(this.em, () => this.resendNotification.execute(id, { by: operator.id, note: reason }, { dryRun }));
    if (!answer) throw new Problem(404, 'not_found', 'There is no such notification.');
    return answer;
  }
}
