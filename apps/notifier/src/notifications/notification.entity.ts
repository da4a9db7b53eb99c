import type { NotificationView } from '@gatehouse/contracts';
import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';
import type { Facts } from '../words/wording.js';

const schema = defineEntity({
  name: 'Notification',
  ...ownRows('notifier'),
  uniques: [{ name: 'notification_once', properties: ['subject', 'kind', 'incident'] }],
  indexes: [{ name: 'notification_inbox', properties: ['userId', 'id'] }],
  properties: {
    /** Made in the order of time: the inbox is sorted by it. */
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
    facts: p.json<Facts>(),
    link: p.text(),
    /** In the inbox; if not, the user wants such messages over other channels only. */
    listed: p.boolean().default(true),
    /** When the fact happened, by the clock of the app that told it. */
    factAt: p.datetime(),
    createdAt: p.datetime().defaultRaw('now()').index('notification_created'),
    resolvedAt: p.datetime().nullable(),
  },
});

/** One message in a user's inbox. */
export class Notification extends schema.class {}
schema.setClass(Notification);
