import { defineEntity, p } from '@mikro-orm/core';
import { cycleKind } from './cycle.entity.js';

const schema = defineEntity({
  name: 'Shard',
  properties: {
    kind: cycleKind(),
    periodStart: p.datetime().primary(),
    /**
     * Of a sweep: the provider status that it lists with a number for its group of apps, or `ALL` with a driver that cannot list by status.
     * Of a reconciliation: `list`, Composio's whole list, then `mirror/…`, ranges of our own.
     */
    shard: p.string().primary(),
    /** Comma-separated; null: all of them. */
    apps: p.text().nullable(),
    cursor: p.text().nullable(),
    done: p.boolean().default(false),
    pages: p.integer().default(0),
    owner: p.string().nullable(),
    leaseUntil: p.datetime().nullable(),
    fence: p.integer().default(0),
  },
});

/** A part of a cycle that one replica works on at a time, page by page; a crash repeats at most one page. */
export class Shard extends schema.class {}
schema.setClass(Shard);
