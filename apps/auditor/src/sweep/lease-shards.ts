import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { CycleKind } from './cycle.entity.js';

export interface LeasedShard {
  kind: CycleKind;
  periodStart: string;
  shard: string;
  apps: string | null;
  cursor: string | null;
  fence: number;
}

@Injectable()
export class LeaseShards {
  constructor(private readonly em: EntityManager) {}

  /** Leases a shard nobody works on, for 30 s; null when there is none. Not a mere sub-select: Postgres may ask it again for each row, and so lease all. */
  @Transactional()
  async lease(kind: CycleKind, owner: string): Promise<LeasedShard | null> {
    const { rows } = await sql<LeasedShard>`
      with next as materialized (select period_start, shard from shard
        where kind = ${kind} and not done and (lease_until is null or lease_until < now())
        order by period_start, shard limit 1 for update skip locked)
      update shard s set owner = ${owner}, lease_until = now() + interval '30 s', fence = s.fence + 1 from next
      where s.kind = ${kind} and s.period_start = next.period_start and s.shard = next.shard
      returning s.kind, s.period_start::text as "periodStart", s.shard, s.apps, s.cursor, s.fence`.execute(this.em.getKysely());
    return rows[0] ?? null;
  }

  /** To be called in the transaction that notes what a page held. False: another replica took the shard over, and nothing may be written. */
  @Transactional()
  async advance(leased: LeasedShard, cursor: string | null, done: boolean): Promise<boolean> {
    const { rows } = await sql`
      update shard set cursor = ${cursor}, done = ${done}, pages = pages + 1, lease_until = now() + interval '30 s'
      where kind = ${leased.kind} and period_start = ${leased.periodStart}::timestamptz and shard = ${leased.shard} and fence = ${leased.fence}
      returning 1`.execute(this.em.getKysely());
    return rows.length > 0;
  }

  /** Hands a shard back, so that it is tried again after `seconds`, by anyone. */
  @Transactional()
  async giveBack({ kind, periodStart, shard, fence }: LeasedShard, seconds: number): Promise<void> {
    await sql`update shard set lease_until = now() + make_interval(secs => ${seconds})
      where kind = ${kind} and period_start = ${periodStart}::timestamptz and shard = ${shard} and fence = ${fence}`.execute(
      this.em.getKysely(),
    );
  }
}
