import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'UserTombstone',
  tableName: 'user_tombstone',
  indexes: [
    { name: 'user_tombstone_open', properties: ['deletedAt'], where: 'forgotten_at is null' },
    { name: 'user_tombstone_forgotten', properties: ['forgottenAt'], where: 'forgotten_at is not null' },
  ],
  properties: {
    id: p.string().length(200).primary(), // the deleted user's id, and nothing else of theirs
    deletedAt: p.datetime().defaultRaw('now()'),
    /** When the last of what was kept of them was taken down. */
    forgottenAt: p.datetime().nullable(),
  },
});

/** A user who is gone for good: a late request of theirs does nothing. */
export class UserTombstone extends schema.class {}
schema.setClass(UserTombstone);
