import { defineEntity, p } from '@mikro-orm/core';

export type CycleKind = 'sweep' | 'reconciliation';
export const cycleKind = () =>
  p
    .enum(['sweep', 'reconciliation'] as const)
    .$type<CycleKind>()
    .default('sweep')
    .primary();

const schema = defineEntity({
  name: 'Cycle',
  properties: {
    kind: cycleKind(),
    periodStart: p.datetime().primary(),
    state: p.enum(['open', 'closed'] as const).$type<'open' | 'closed'>(),
    openedAt: p.datetime().defaultRaw('now()'),
    closedAt: p.datetime().nullable(),
  },
});

/** One sweep, or one reconciliation. Its primary key is its period, so that however many replicas tick, there is one. */
export class Cycle extends schema.class {}
schema.setClass(Cycle);

const size = defineEntity({ name: 'AppSize', properties: { app: p.string().primary(), active: p.integer(), countedAt: p.datetime() } });

/** Active connections of an app, counted once a cycle: the blast-radius guard must not count all users for each break. */
export class AppSize extends size.class {}
size.setClass(AppSize);
