import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Shard',
  properties: {
    periodStart: p.datetime().primary(),
    /** The provider status that it lists, or `ALL` with a driver that cannot list by status. */
    shard: p.string().primary(),
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
