import { asSystem } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { CONSUMER } from '../inbox.js';
import { iso, type Page } from './letter.js';

/** A key whose events wait for a retry. `events` are queued, `replays` of them by an operator. */
export interface ParkedSummary {
  readonly topic: string;
  readonly key: string;
  readonly events: number;
  readonly replays: number;
  readonly attempts: number;
  readonly nextTryAt: string;
  readonly lastError: string | null;
}

@Injectable()
export class ListParked {
  constructor(private readonly em: EntityManager) {}

  /** The soonest first. */
  execute(limit: number): Promise<Page<ParkedSummary>> {
    const read = async () => {
      const { rows } = await sql<ParkedSummary & { total: number }>`select k.topic, k.key, q.events, q.replays, k.attempts,
        k.not_before as "nextTryAt", k.last_error as "lastError", k.total
        from (select *, count(*) over ()::int as total from parked_key where consumer = ${sql.lit(CONSUMER)} order by not_before limit ${limit}) k
        cross join lateral (select count(*)::int as events, count(*) filter (where replay)::int as replays from parked_event e
          where e.consumer = k.consumer and e.topic = k.topic and e.key = k.key) q order by k.not_before`.execute(this.em.getKysely());
      return { items: rows.map(({ total: _, ...row }) => ({ ...row, nextTryAt: iso(row.nextTryAt) })), total: rows[0]?.total ?? 0 };
    };
    return asSystem(this.em, () => this.em.transactional(read));
  }
}
