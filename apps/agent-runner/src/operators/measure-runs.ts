import type { RunsHealth } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { atMostEvery } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

const FRESH_MS = 60_000;
/** Runs whose times are looked at; counts are of all. */
const SAMPLED = 5_000;

type Row = Omit<RunsHealth, 'measuredAt'>;

/** By the partial indexes of live and of finished runs, each arm in its words: `in (…)` over all of them would read the table. */
const ENDED = sql`((thread_kept and finished_at > now() - interval '1 day') or (not thread_kept and finished_at > now() - interval '1 day'))`;

@Injectable()
export class MeasureRuns {
  constructor(private readonly em: EntityManager) {}

  /** Live runs and those that ended in a day, by their indexes: at most once a minute and replica. */
  readonly execute = atMostEvery(FRESH_MS, () =>
    asSystem(this.em, () =>
      this.em.transactional(async (): Promise<RunsHealth> => {
        const { rows } = await sql<Row>`
          with live as (
            select state, waiting_for, blockers, run_at from run where state = 'queued' or state = 'running' or state in ('delayed', 'parked')
          ), ended as materialized (select id, state, error, tokens, created_at, finished_at from run where ${ENDED}
          ), times as (
            select extract(epoch from e.finished_at - e.created_at) as took, extract(epoch from s.at - e.created_at) as start
            from (select * from ended where state = 'completed' order by finished_at desc limit ${SAMPLED}) e
            left join lateral (select min(at) as at from run_event s where s.run_id = e.id and s.seq < 10 and s.type = 'run.started') s on true
          ), causes as (
            select case when waiting_for = 'approval' then 'approval' else coalesce(blockers->0->>'state', 'connection') end as cause, count(*)::int as count
            from live where state = 'parked' group by 1
          ), errors as (select error->>'code' as code, count(*)::int as count from ended where state = 'failed' group by 1)
          select (select json_build_object('queued', count(*) filter (where state = 'queued'), 'delayed', count(*) filter (where state = 'delayed'),
              'running', count(*) filter (where state = 'running'), 'parked', count(*) filter (where state = 'parked')) from live) as live,
            (select extract(epoch from now() - min(run_at))::float8 from live where state = 'queued') as "oldestQueuedSeconds",
            (select coalesce(json_agg(causes order by count desc, cause), '[]') from causes) as parked,
            (select json_build_object('completed', count(*) filter (where state = 'completed'), 'failed', count(*) filter (where state = 'failed'),
              'cancelled', count(*) filter (where state = 'cancelled'), 'tokens', coalesce(sum(tokens), 0),
              'errors', (select coalesce(json_agg(errors order by count desc, code), '[]') from errors),
              'medianStartSeconds', (select percentile_cont(0.5) within group (order by start) from times),
              'medianSeconds', (select percentile_cont(0.5) within group (order by took) from times),
              'slowSeconds', (select percentile_cont(0.95) within group (order by took) from times),
              'unknownOutcomes', (select count(*) from decision where kind = 'tool.unknown' and at > now() - interval '1 day')) from ended) as day
          `.execute(this.em.getKysely());
        return { measuredAt: new Date().toISOString(), ...(rows[0] as Row) };
      }),
    ),
  );
}
