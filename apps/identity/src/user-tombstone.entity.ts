import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'UserTombstone',
  tableName: 'user_tombstone',
  properties: { id: p.text().primary() },
});

/** The id of a deleted user: never used again. Written by the trigger that tells `user.deleted`. */
export class UserTombstone extends schema.class {}
schema.setClass(UserTombstone);
