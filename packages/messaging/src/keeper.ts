import { asSystem, prune } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { COUNTED, gauges } from './metrics.js';
import { DEAD_LETTER_DAYS } from './retention.js';

interface Counts {
  outbox: number;
  age: number;
  stuck: number;
  parked: number;
  behind: number;
  dead: number;
  days: number;
}

const counted = (table: string) => sql`(select count(*) from (select from ${sql.table(table)} limit ${COUNTED}) as first)::int`;

/** The upkeep of the messaging tables: partitions ahead of time, old rows out, gauges. */
@Injectable()
export class Keeper {
  constructor(private readonly em: EntityManager) {}

  /** Throws while the database does not answer. */
  probe(): Promise<void> {
    return this.system(async () => {
      await sql`select 1`.execute(this.em.getKysely());
    });
  }

  /** Makes the inbox's partitions for the next two weeks and drops those that are out of the window. */
  async keepPartitions(): Promise<void> {
    await this.system(async () => {
      await sql`select inbox_make_partitions()`.execute(this.em.getKysely());
    });
    await this.system(async () => {
      await sql`select inbox_drop_partitions()`.execute(this.em.getKysely());
    });
    await prune(this.em, [{ table: 'dead_letter', column: 'at', days: DEAD_LETTER_DAYS }]);
  }

  async measure(): Promise<void> {
    const counts = await this.counts();
    gauges.outboxAge.set(counts.age);
    gauges.stuck.set(counts.stuck);
    gauges.parkedKeys.set(counts.parked);
    gauges.parkedEvents.set(counts.behind);
    gauges.deadLetters.set(counts.dead);
    gauges.inboxDays.set(counts.days);
  }

  /** What waits now; each count ends at 10,000. */
  async count() {
    const { outbox, age, stuck, parked, behind, dead } = await this.counts();
    return { outbox, outboxAgeSeconds: age, stuck, parkedKeys: parked, parkedEvents: behind, deadLetters: dead };
  }

  private counts(): Promise<Counts> {
    return this.system(async () => {
      const { rows } = await sql<Counts>`select ${counted('outbox')} as outbox,
        greatest(0, coalesce((select extract(epoch from now() - min(first.created_at)) from outbox_shard s cross join lateral
          (select created_at from outbox where shard = s.shard order by seq limit 1) as first), 0))::float8 as age,
        ${counted('outbox_stuck')} as stuck, ${counted('parked_key')} as parked, ${counted('parked_event')} as behind, ${counted('dead_letter')} as dead,
        coalesce((select max(to_date(right(c.relname, 8), 'YYYYMMDD')) + 6 - (now() at time zone 'utc')::date
          from pg_class c join pg_inherits i on i.inhrelid = c.oid where i.inhparent = 'inbox'::regclass), 0) as days`.execute(
        this.em.getKysely(),
      );
      return rows[0] as Counts;
    });
  }

  private system<T>(work: () => Promise<T>): Promise<T> {
    return asSystem(this.em, () => this.em.transactional(work));
  }
}
