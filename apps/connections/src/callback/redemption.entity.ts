import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

/**
 * Proof that this signed-in user came back with this session: written before Composio is asked, and never twice for one session.
 * `accountId` is filled once Composio named the account; an `open` or `unknown` one may still stand for an account that turns ACTIVE.
 */
const schema = defineEntity({
  name: 'Redemption',
  ...ownRows('connections'),
  indexes: [
    { name: 'redemption_user_index', properties: ['userId', 'createdAt'] },
    { name: 'redemption_created_index', properties: ['createdAt'] },
  ],
  properties: {
    /** SHA-256: the session itself is a secret and is kept nowhere. */
    sessionHash: p.string().primary(),
    userId: p.string(),
    outcome: p.enum(['open', 'accepted', 'unknown', 'mismatch', 'gone']).default('open'),
    accountId: p.string().nullable(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});

export class Redemption extends schema.class {}
schema.setClass(Redemption);
