import { chainHash, ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

/** Whoever inserts, and however many rows at once: each goes to the end of its user's chain, under the lock of the chain's head. */
const CHAIN = `
  loop
    select head.seq + 1, head.hash into new.seq, new.prev from decision_head head where head.user_id = new.user_id for update;
    exit when found;
    insert into decision_head (user_id) values (new.user_id) on conflict (user_id) do nothing;
  end loop;
  new.hash := ${chainHash('new')};
  update decision_head set seq = new.seq, hash = new.hash where user_id = new.user_id;
  return new;`;

const schema = defineEntity({
  name: 'Decision',
  tableName: 'decision',
  ...ownRows('agent_runner'),
  indexes: [
    { name: 'decision_of_run', properties: ['runId'], where: 'run_id is not null' },
    { name: 'decision_at', properties: ['at'] },
  ],
  triggers: [{ name: 'chain', timing: 'before', events: ['insert'], body: CHAIN }],
  properties: {
    userId: p.string().length(200).primary(),
    /** 1, 2, 3 … for each user, without a gap. Given by the trigger, as are `prev` and `hash`. */
    seq: p.integer().primary().autoincrement(false),
    /** Not the time of the transaction, which may have waited for the head. */
    at: p.datetime(3).defaultRaw('clock_timestamp()'),
    runId: p.uuid().nullable(),
    kind: p.string().length(40),
    /** JSON as it was written: as text, for the hash is of these characters. */
    data: p.text(),
    prev: p.string().length(64),
    hash: p.string().length(64),
  },
});

/** One decision about a user's agents: who or what allowed or refused what. Inserted only; see `decisions.ts` for the chain. */
export class Decision extends schema.class {}
schema.setClass(Decision);
