import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

/** The provider's words for "it was active and is not": the sweep lists by them. */
export const BROKEN_STATUSES = ['EXPIRED', 'FAILED', 'REVOKED', 'INACTIVE'] as const;

@Injectable()
export class OpenCycle {
  constructor(private readonly em: EntityManager) {}

  /**
   * Opens the cycle of the current period, by the database's clock, unless a replica did or an earlier one is still being worked on.
   * True when it was opened here and now.
   */
  @Transactional()
  async execute(intervalSeconds: number, listByStatus: boolean): Promise<boolean> {
    const { rows } = await sql`
      insert into cycle (period_start, state)
      select date_bin(make_interval(secs => ${intervalSeconds}), now(), timestamptz '2026-01-01'), 'open'
      where not exists (select from cycle where state = 'open')
      on conflict do nothing returning period_start`.execute(this.em.getKysely());
    if (!rows.length) return false;
    await sql`
      insert into shard (period_start, shard) select c.period_start, s from cycle c, unnest(${texts(listByStatus ? BROKEN_STATUSES : ['ALL'])}::text[]) as s
      where c.state = 'open'`.execute(this.em.getKysely());
    await sql`
      insert into app_size (app, active, counted_at) select app, count(*), now() from watched_connection where state = 'active' group by app
      on conflict (app) do update set active = excluded.active, counted_at = excluded.counted_at`.execute(this.em.getKysely());
    await sql`with old as (delete from cycle where state = 'closed' and closed_at < now() - interval '7 days' returning period_start)
      delete from shard s using old where s.period_start = old.period_start`.execute(this.em.getKysely());
    return true;
  }
}
