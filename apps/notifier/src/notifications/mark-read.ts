import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Notification } from './notification.entity.js';
import { TellInbox } from './tell-inbox.js';

@Injectable()
export class MarkRead {
  constructor(
    private readonly em: EntityManager,
    private readonly tellInbox: TellInbox,
  ) {}

  /** A settled message stays settled. Null: it is not this user's. */
  @Transactional()
  async execute(userId: string, id: string): Promise<Notification | null> {
    const notification = await this.em.findOne(Notification, { userId, id, listed: true }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (notification?.state !== 'posted') return notification;
    notification.state = 'read';
    await this.em.flush(); // the count below reads the table
    await this.tellInbox.execute([{ notificationId: id, userId, state: 'read' }]);
    return notification;
  }
}
