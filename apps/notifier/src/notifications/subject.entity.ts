import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Subject',
  ...ownRows('notifier'),
  indexes: [{ name: 'subject_closed', properties: ['settledAt'], where: 'closed' }],
  properties: {
    /** `connection:<id>` or `run:<id>` */
    id: p.string().primary(),
    userId: p.string().index('subject_user'),
    /** A connection's greatest epoch that an activation has settled; -1 before the first. */
    epoch: p.integer(),
    /** The account in use now, and those it superseded: news about an old one is no news. */
    accountId: p.string().nullable(),
    pastAccounts: p.array().$type<string[]>(),
    settledAt: p.datetime().nullable(),
    closed: p.boolean(),
  },
});

/**
 * What settles messages, remembered even when it comes first: facts of different topics arrive in either order, and a late
 * `connection.expired` must not open what its reconnection already closed.
 */
export class Subject extends schema.class {}
schema.setClass(Subject);
