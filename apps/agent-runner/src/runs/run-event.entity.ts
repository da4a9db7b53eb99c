import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'RunEvent',
  tableName: 'run_event',
  ...ownRows('agent_runner'),
  properties: {
    runId: p.uuid().primary(),
    seq: p.integer().primary().autoincrement(false),
    userId: p.string().length(200),
    type: p.string().length(40),
    data: p.json<Record<string, unknown>>(),
    at: p.datetime(),
  },
});

/** A row of a run's timeline: what the stream of the run shows, in this order, and again to whoever comes back. */
export class RunEvent extends schema.class {}
schema.setClass(RunEvent);
