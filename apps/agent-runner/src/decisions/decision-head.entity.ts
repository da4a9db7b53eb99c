import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'DecisionHead',
  tableName: 'decision_head',
  ...ownRows('agent_runner'),
  properties: {
    userId: p.string().length(200).primary(),
    /** The newest decision of this user. One that is missing at the end of the chain is missed by this. */
    seq: p.integer().default(0),
    hash: p.string().length(64).default(''),
    /** The newest one that was pruned for its age: the chain begins after it. */
    prunedSeq: p.integer().default(0),
    prunedHash: p.string().length(64).default(''),
  },
});

/** Where the chain of a user's decisions ends, and where what is kept of it begins. */
export class DecisionHead extends schema.class {}
schema.setClass(DecisionHead);
