import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';

export interface LaneMove {
  userId: string;
  ready?: number;
  running?: number;
}

/** Moves the counters of these users' lanes, in the transaction that changes the runs, in one order of users: no deadlock. */
export async function moveLanes(em: EntityManager, moves: readonly LaneMove[]): Promise<void> {
  if (!moves.length) return;
  const rows = JSON.stringify(moves.map(({ userId, ready = 0, running = 0 }) => ({ user_id: userId, ready, running })));
  await sql`
    insert into user_lane (user_id, ready, running)
    select user_id, sum(ready), sum(running) from jsonb_to_recordset(${rows}::jsonb) as m(user_id text, ready int, running int)
    group by user_id order by user_id
    on conflict (user_id) do update set ready = user_lane.ready + excluded.ready, running = user_lane.running + excluded.running
  `.execute(em.getKysely());
}
