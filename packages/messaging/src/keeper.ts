import { asSystem, prune } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { gauges } from './metrics.js';
import { DEAD_LETTER_DAYS } from './retention.js';

interface Counts {
  age: number;
  stuck: number;
  parked: number;
  dead: number;
}

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
    await this.system(async () => {
      const { rows } = await sql<Counts>`select
        coalesce((select extract(epoch from now() - min(created_at)) from (select distinct on (shard) created_at from outbox order by shard, seq) o), 0)::float8 as age,
        (select count(*) from outbox_stuck)::int as stuck, (select count(*) from parked_key)::int as parked,
        (select count(*) from dead_letter)::int as dead`.execute(this.em.getKysely());
      const [counts] = rows;
      if (!counts) return;
      gauges.outboxAge.set(Math.max(0, counts.age));
      gauges.stuck.set(counts.stuck);
      gauges.parkedKeys.set(counts.parked);
      gauges.deadLetters.set(counts.dead);
    });
  }

  private system<T>(work: () => Promise<T>): Promise<T> {
    return asSystem(this.em, () => this.em.transactional(work));
  }
}
