import {
  type InboxQuery,
  idParams,
  inboxQuery,
  type MarkInbox,
  markInbox,
  markNotification,
  type NotificationView,
  type Page,
} from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, HttpCode, NotFoundException, Param, Patch, Post, Query } from '@nestjs/common';
import { languageFor } from '../contacts/language.js';
import { MarkInboxRead } from './mark-inbox-read.js';
import { MarkRead } from './mark-read.js';
import { Notification } from './notification.entity.js';
import { presentNotification } from './notification.presenter.js';

@Controller('v1/inbox')
@Access('user')
export class InboxController {
  constructor(
    private readonly em: EntityManager,
    private readonly cursors: Cursors,
    private readonly markRead: MarkRead,
    private readonly markInboxRead: MarkInboxRead,
  ) {}

  @Get()
  @Transactional({ readOnly: true })
  async list(
    @SignedIn() user: Principal,
    @Query({ schema: inboxQuery }) { limit, cursor, language: page }: InboxQuery,
  ): Promise<Page<NotificationView> & { unread: number }> {
    const [after] = this.cursors.read(cursor, user.id, 'inbox') ?? [];
    const mine = { userId: user.id, listed: true };
    const rows = await this.em.find(
      Notification,
      { ...mine, ...(after && { id: { $lt: after } }) },
      { orderBy: { id: 'desc' }, limit: limit + 1 },
    );
    const language = await languageFor(this.em, user.id, page);
    const present = (row: Notification) => presentNotification(row, language);
    const shown = this.cursors.page(rows, { limit, user: user.id, list: 'inbox', key: (row) => [row.id], present });
    return { ...shown, unread: await this.em.count(Notification, { ...mine, state: 'posted' }) };
  }

  @Post('read')
  @HttpCode(200)
  async readAll(@SignedIn() user: Principal, @Body({ schema: markInbox }) { upTo }: MarkInbox): Promise<{ unread: number }> {
    return { unread: await this.markInboxRead.execute(user.id, upTo) };
  }

  @Patch(':id')
  async read(
    @SignedIn() user: Principal,
    @Param('id', { schema: idParams.shape.id }) id: string,
    @Body({ schema: markNotification }) _: unknown,
  ): Promise<NotificationView> {
    const notification = await this.markRead.execute(user.id, id);
    if (!notification) throw new NotFoundException();
    return presentNotification(notification, await languageFor(this.em, user.id));
  }
}
