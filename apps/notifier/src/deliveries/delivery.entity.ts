import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Delivery',
  ...ownRows('notifier'),
  indexes: [
    { name: 'delivery_due', expression: "create index delivery_due on delivery (due_at) where state in ('pending', 'sending')" },
    { name: 'delivery_user', properties: ['userId'] },
  ],
  properties: {
    notificationId: p.uuid().primary(),
    channel: p.string().$type<'email' | 'webhook'>().primary(),
    /** 0 is the message itself, then its reminders. With the two above: one message, once, by each channel. */
    step: p.integer().primary(),
    userId: p.string(),
    state: p.string().$type<'pending' | 'sending' | 'sent' | 'failed'>(),
    /** While `sending`: until when the sender that took it may be at it. */
    dueAt: p.datetime(),
    attempts: p.integer().default(0),
    sentAt: p.datetime().nullable(),
  },
});

/** A message owed to somebody over a channel outside the inbox. */
export class Delivery extends schema.class {}
schema.setClass(Delivery);
