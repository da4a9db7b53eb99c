import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'UserLane',
  tableName: 'user_lane',
  ...ownRows('agent_runner'),
  indexes: [
    { name: 'user_lane_ready', properties: ['lastServed'], where: 'ready > 0' },
    { name: 'user_lane_idle', properties: ['lastServed'], where: 'ready = 0 and running = 0' },
  ],
  properties: {
    userId: p.string().length(200).primary(),
    ready: p.integer().default(0),
    running: p.integer().default(0),
    lastServed: p.datetime().defaultRaw("'-infinity'"),
  },
});

/** A user's place in the queue: runs that are due, runs that run, and when one was last taken. The least recently served comes first. */
export class UserLane extends schema.class {}
schema.setClass(UserLane);
