import type { ConnectionState, Detector } from '@gatehouse/contracts';
import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

/** What became of a connection, when, why, and who noticed. The connection's own trigger writes it; nothing changes it. */
const schema = defineEntity({
  name: 'ConnectionChange',
  ...ownRows('connections'),
  indexes: [
    { name: 'connection_change_list_index', properties: ['connectionId', 'id'] },
    { name: 'connection_change_user_index', properties: ['userId'] },
    { name: 'connection_change_at_index', properties: ['at'] },
  ],
  properties: {
    /** In the order of their making: the changes of one connection are made under its lock. */
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    connectionId: p.uuid(),
    userId: p.string(),
    was: p.text().$type<ConnectionState>().nullable(),
    state: p.text().$type<ConnectionState>(),
    providerStatus: p.string().nullable(),
    reason: p.text().nullable(),
    accountId: p.string().nullable(),
    epoch: p.integer(),
    detectedBy: p.string().$type<Detector>(),
    /** Not the time of the transaction, which may have waited for the lock. */
    at: p.datetime().defaultRaw('clock_timestamp()'),
  },
});

export class ConnectionChange extends schema.class {}
schema.setClass(ConnectionChange);
