import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'UserTombstone',
  properties: { id: p.string().primary(), at: p.datetime().defaultRaw('now()').index('user_tombstone_at') },
});

/** A deleted user: facts about them that arrive late do nothing. */
export class UserTombstone extends schema.class {}
schema.setClass(UserTombstone);
