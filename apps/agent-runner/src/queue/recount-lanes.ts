import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

@Injectable()
export class RecountLanes {
  constructor(private readonly em: EntityManager) {}

  /** Repairs lane counters that drifted from the runs; returns how many. As the system. */
  @Transactional()
  async execute(): Promise<number> {
    const db = this.em.getKysely();
    // Locked first: the recount below then sees every change that was counted into the lane, and none that is still to be.
    const drifted = await sql<{ user_id: string }>`
      with counted as materialized (
        select user_id, count(*) filter (where state = 'queued') as ready, count(*) filter (where state = 'running') as running
        from run where state = 'queued' or state = 'running' group by user_id
      )
      select l.user_id from user_lane l left join counted c using (user_id)
      where (l.ready, l.running) is distinct from (coalesce(c.ready, 0), coalesce(c.running, 0))
      order by l.user_id limit 500 for update of l
    `.execute(db);
    if (!drifted.rows.length) return 0;
    const ids = JSON.stringify(drifted.rows.map(({ user_id }) => user_id));
    await sql`
      update user_lane l set
        ready = (select count(*) from run r where r.user_id = l.user_id and state = 'queued'),
        running = (select count(*) from run r where r.user_id = l.user_id and state = 'running')
      where user_id in (select jsonb_array_elements_text(${ids}::jsonb))
    `.execute(db);
    return drifted.rows.length;
  }
}
