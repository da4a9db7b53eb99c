import type { ConnectionHealth } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { atMostEvery } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

const FRESH_MS = 60_000;

type AppHealth = ConnectionHealth['apps'][number];

@Injectable()
export class MeasureConnections {
  constructor(private readonly em: EntityManager) {}

  /** One pass over connections and over accounts, and two looks into an index for each break of 30 days: at most once a minute and replica. */
  readonly execute = atMostEvery(FRESH_MS, () =>
    asSystem(this.em, () =>
      this.em.transactional(async (): Promise<ConnectionHealth> => {
        const { rows } = await sql<AppHealth>`
          with states as (
            select app, count(*) filter (where state = 'active')::int as active, count(*) filter (where state = 'broken')::int as broken,
              count(*) filter (where state = 'pending')::int as pending from connection group by app
          ), breaks as (
            select c.app, c.id, c.user_id, b.at, (select min(r.at) from connection_change r
              where r.connection_id = b.connection_id and r.id > b.id and r.state = 'active') as repaired_at
            from connection_change b join connection c on c.id = b.connection_id
            where b.at > now() - interval '30 days' and b.state = 'broken' and b.was is distinct from 'broken'
          ), days as (
            select app, json_agg(json_build_object('day', day, 'count', count) order by day) as breaks
            from (select app, (at at time zone 'utc')::date as day, count(*)::int as count from breaks group by 1, 2) d group by app
          ), repairs as (
            select app, count(*)::int as broke, count(repaired_at)::int as repaired,
              percentile_cont(0.5) within group (order by extract(epoch from repaired_at - at)) filter (where repaired_at is not null) as median
            from breaks group by app
          ), attempts as (
            select app, count(*)::int as attempted, count(*) filter (where state <> 'not_finished')::int as finished from account
            where created_at > now() - interval '30 days' and state not in ('starting', 'pending') group by app
          ), oldest as (
            select distinct on (c.app) c.app, json_build_object('connectionId', c.id, 'userId', c.user_id, 'since',
              to_char(b.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as one
            from connection c cross join lateral (select max(at) as at from connection_change b where b.connection_id = c.id and b.state = 'broken') b
            where c.state = 'broken' and b.at is not null order by c.app, b.at
          )
          select s.app, s.active, s.broken, s.pending, coalesce(d.breaks, '[]') as breaks, coalesce(a.attempted, 0) as attempted,
            coalesce(a.finished, 0) as finished, coalesce(r.broke, 0) as broke, coalesce(r.repaired, 0) as repaired,
            r.median::float8 as "medianRepairSeconds", o.one as "oldestUnrepaired"
          from states s left join days d using (app) left join repairs r using (app) left join attempts a using (app) left join oldest o using (app)
          order by s.app`.execute(this.em.getKysely());
        return { measuredAt: new Date().toISOString(), apps: rows };
      }),
    ),
  );
}
