import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

/** The user as Composio knows them, or the tombstone of a deleted one: the id stays, is never used again, and late events do nothing. */
const schema = defineEntity({
  name: 'ComposioEntity',
  ...ownRows('connections'),
  indexes: [{ name: 'composio_entity_deleted_index', properties: ['deletedAt'], where: 'deleted_at is not null' }],
  properties: {
    userId: p.string().primary(),
    createdAt: p.datetime().onCreate(() => new Date()),
    deletedAt: p.datetime().nullable(),
  },
});

export class ComposioEntity extends schema.class {}
schema.setClass(ComposioEntity);
