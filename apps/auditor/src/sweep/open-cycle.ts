import { COMPOSIO, type ComposioPort } from '@gatehouse/composio';
import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';

/** The provider's words for "it was active and is not": the sweep lists by them. */
export const BROKEN_STATUSES = ['EXPIRED', 'FAILED', 'REVOKED', 'INACTIVE'] as const;
/** So many replicas can share a status; each group costs a call a status in every sweep, also when nothing is broken. */
const APP_GROUPS = 8;

@Injectable()
export class OpenCycle {
  constructor(
    private readonly em: EntityManager,
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
  ) {}

  /**
   * Opens the sweep of the current period, by the database's clock, unless a replica did or an earlier one is still being worked on.
   * True when it was opened here and now.
   */
  @Transactional()
  async execute(intervalSeconds: number): Promise<boolean> {
    const { rows } = await sql`
      insert into cycle (kind, period_start, state)
      select 'sweep', date_bin(make_interval(secs => ${intervalSeconds}), now(), timestamptz '2026-01-01'), 'open'
      where not exists (select from cycle where kind = 'sweep' and state = 'open')
      on conflict do nothing returning period_start`.execute(this.em.getKysely());
    if (!rows.length) return false;
    await this.countApps();
    if (this.composio.supports.listByStatus) await this.shardByStatusAndApp();
    else
      await sql`insert into shard (kind, period_start, shard) select kind, period_start, 'ALL' from cycle where kind = 'sweep' and state = 'open'`.execute(
        this.em.getKysely(),
      );
    await sql`with old as (delete from cycle where state = 'closed' and closed_at < now() - interval '7 days' returning kind, period_start)
      delete from shard s using old where s.kind = old.kind and s.period_start = old.period_start`.execute(this.em.getKysely());
    return true;
  }

  private async countApps(): Promise<void> {
    await sql`
      insert into app_size (app, active, counted_at) select app, count(*), now() from watched_connection where state = 'active' group by app
      on conflict (app) do update set active = excluded.active, counted_at = excluded.counted_at`.execute(this.em.getKysely());
    await sql`update app_size set active = 0, counted_at = now() where counted_at < now() and active > 0`.execute(this.em.getKysely());
  }

  /** An app of which nobody is watched needs no sweep: a finding there could break nothing. */
  private async shardByStatusAndApp(): Promise<void> {
    await sql`
      insert into shard (kind, period_start, shard, apps)
      select c.kind, c.period_start, s || '/' || g.nth, g.apps from cycle c, unnest(${texts(BROKEN_STATUSES)}::text[]) as s,
        (select nth, string_agg(app, ',' order by app) as apps
         from (select app, (row_number() over (order by active desc, app) - 1) % ${APP_GROUPS} as nth from app_size where active > 0) as one group by nth) as g
      where c.kind = 'sweep' and c.state = 'open'`.execute(this.em.getKysely());
  }
}
