import { idParams, markNotification, type NotificationView, type Page, type PageQuery, pageQuery } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, NotFoundException, Param, Patch, Query } from '@nestjs/common';
import { MarkRead } from './mark-read.js';
import { Notification } from './notification.entity.js';
import { presentNotification } from './notification.presenter.js';
import { TellInbox } from './tell-inbox.js';

@Controller('v1/inbox')
@Access('user')
export class InboxController {
  constructor(
    private readonly em: EntityManager,
    private readonly cursors: Cursors,
    private readonly markRead: MarkRead,
    private readonly tellInbox: TellInbox,
  ) {}

  @Get()
  @Transactional({ readOnly: true })
  async list(
    @SignedIn() user: Principal,
    @Query({ schema: pageQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<NotificationView> & { unread: number }> {
    const [createdAt, id] = this.cursors.read(cursor, user.id, 'inbox') ?? [];
    const after =
      createdAt && id ? { $or: [{ createdAt: { $lt: new Date(createdAt) } }, { createdAt: new Date(createdAt), id: { $lt: id } }] } : {};
    const rows = await this.em.find(
      Notification,
      { userId: user.id, ...after },
      { orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1 },
    );
    const page = this.cursors.page(rows, {
      limit,
      user: user.id,
      list: 'inbox',
      key: (row) => [row.createdAt.toISOString(), row.id],
      present: presentNotification,
    });
    return { ...page, unread: (await this.tellInbox.unread([user.id])).get(user.id) ?? 0 };
  }

  @Patch(':id')
  async read(
    @SignedIn() user: Principal,
    @Param('id', { schema: idParams.shape.id }) id: string,
    @Body({ schema: markNotification }) _: unknown,
  ): Promise<NotificationView> {
    const notification = await this.markRead.execute(user.id, id);
    if (!notification) throw new NotFoundException();
    return presentNotification(notification);
  }
}
