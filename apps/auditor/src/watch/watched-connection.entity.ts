import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'WatchedConnection',
  ...ownRows('auditor'),
  indexes: [
    { name: 'watched_connection_keyset', properties: ['userId', 'id'] },
    { name: 'watched_connection_account', properties: ['accountId'] },
    { name: 'watched_connection_broken', properties: ['app', 'brokenAt'] },
    {
      name: 'watched_connection_due',
      expression: 'create index watched_connection_due on watched_connection (check_due_at) where check_due_at is not null',
    },
    { name: 'watched_connection_removed', properties: ['removedAt'], where: 'removed_at is not null' },
  ],
  properties: {
    /** The connection's id. */
    id: p.uuid().primary(),
    userId: p.string(),
    app: p.string(),
    accountId: p.string(),
    /** `removed` stays as a tombstone: a late `connection.activated` must not bring it back. */
    state: p.enum(['active', 'broken', 'removed'] as const).$type<'active' | 'broken' | 'removed'>(),
    epoch: p.integer(),
    brokenAt: p.datetime().nullable(),
    /** Set while a re-check is owed; who asked for it is told as `detectedBy`. */
    checkDueAt: p.datetime().nullable(),
    checkAskedBy: p.string().nullable(),
    /** When its account was last read, or seen in Composio's whole list. */
    checkedAt: p.datetime().nullable(),
    removedAt: p.datetime().nullable(),
  },
});

/** A connection that was active once, and so can break. Abandoned attempts never get here. */
export class WatchedConnection extends schema.class {}
schema.setClass(WatchedConnection);
