import type { NotificationView } from '@gatehouse/contracts';
import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Notification',
  ...ownRows('notifier'),
  uniques: [{ name: 'notification_once', properties: ['subject', 'kind', 'incident'] }],
  indexes: [{ name: 'notification_inbox', properties: ['userId', 'createdAt', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    userId: p.string(),
    kind: p.string().$type<NotificationView['kind']>(),
    /** What it is about: `connection:<id>` or `run:<id>`. */
    subject: p.string(),
    /** With the subject it names one incident, and so one message: a connection's epoch, an approval's id, the time of a block. */
    incident: p.string(),
    epoch: p.integer(),
    app: p.string().nullable(),
    accountId: p.string().nullable(),
    state: p.string().$type<NotificationView['state']>(),
    title: p.text(),
    text: p.text(),
    link: p.text(),
    /** When the fact happened, by the clock of the app that told it. */
    factAt: p.datetime(),
    createdAt: p.datetime().defaultRaw('now()').index('notification_created'),
    resolvedAt: p.datetime().nullable(),
  },
});

/** One message in a user's inbox. */
export class Notification extends schema.class {}
schema.setClass(Notification);
