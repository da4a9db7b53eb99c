import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Cycle',
  properties: {
    periodStart: p.datetime().primary(),
    state: p.enum(['open', 'closed'] as const).$type<'open' | 'closed'>(),
    openedAt: p.datetime().defaultRaw('now()'),
    closedAt: p.datetime().nullable(),
  },
});

/** One sweep. Its primary key is its period, so that however many replicas tick, there is one. */
export class Cycle extends schema.class {}
schema.setClass(Cycle);

const size = defineEntity({ name: 'AppSize', properties: { app: p.string().primary(), active: p.integer(), countedAt: p.datetime() } });

/** Active connections of an app, counted once a cycle: the blast-radius guard must not count all users for each break. */
export class AppSize extends size.class {}
size.setClass(AppSize);
