import type { OperatorAnswer } from '@gatehouse/contracts';
import { type Operator, recordDeed } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Delivery } from '../deliveries/delivery.entity.js';
import { Notification } from '../notifications/notification.entity.js';

@Injectable()
export class ResendNotification {
  constructor(private readonly em: EntityManager) {}

  /**
   * What was given up is due again, with all its tries; what was sent stays sent: nobody gets a message twice. Undefined when there is no
   * such notification. As the system.
   */
  @Transactional()
  async execute(id: string, operator: Operator, { dryRun = false } = {}): Promise<OperatorAnswer | undefined> {
    if (!(await this.em.count(Notification, { id }))) return undefined;
    const failed = { notificationId: id, state: 'failed' as const };
    if (dryRun) return { touches: await this.em.count(Delivery, failed), dryRun };
    const touches = await this.em.nativeUpdate(Delivery, failed, { state: 'pending', attempts: 0, dueAt: new Date() });
    await recordDeed(this.em, operator, { action: 'notification resend', subject: `notification:${id}`, result: `${touches} due again` });
    return { touches, dryRun };
  }
}
