import { asSystem, uuids } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { StoredHeaders } from '../bytes.js';
import { type ActName, actsOn, type Operator, record } from './acts.js';
import { iso, type Page, type Selection } from './letter.js';

/** An event of the app's own that the broker refuses. `waiting` events of its key are held up behind it. */
export interface StuckSummary {
  readonly eventId: string;
  readonly topic: string;
  readonly key: string | null;
  readonly error: string;
  readonly toldAt: string;
  readonly stuckAt: string;
  readonly waiting: number;
}

/** `headers` are foreign ones, of a dead letter; null for an event of ours, whose headers the relay makes. */
export interface StuckEvent extends StuckSummary {
  readonly headers: StoredHeaders | null;
  readonly body: string | null;
}

export interface Settled {
  readonly eventId: string;
  readonly outcome: 'retried' | 'dropped' | 'nothing' | 'unknown';
  readonly says: string;
}

const SUMMARY = sql`event_id as "eventId", topic, key, error, created_at as "toldAt", at as "stuckAt",
  (select count(*)::int from outbox o where o.shard = s.shard and o.key is not distinct from s.key) as waiting`;

/** The outbox's events that the broker refuses for themselves: an operator looks, and retries or drops them. */
@Injectable()
export class StuckEvents {
  constructor(private readonly em: EntityManager) {}

  /** The oldest first. */
  list({ ids, reason, since }: Selection, limit: number): Promise<Page<StuckSummary>> {
    const conditions = [sql`true`];
    if (ids) conditions.push(sql`event_id = any(${uuids(ids)}::uuid[])`);
    if (since) conditions.push(sql`at >= ${since.toISOString()}::timestamptz`);
    if (reason !== undefined) conditions.push(sql`position(lower(${reason}) in lower(error)) > 0`);
    return this.system(async () => {
      const { rows } = await sql<StuckSummary & { total: number }>`select ${SUMMARY}, count(*) over ()::int as total from outbox_stuck s
        where ${sql.join(conditions, sql` and `)} order by at, shard, seq limit ${limit}`.execute(this.em.getKysely());
      const items = rows.map(({ total: _, ...row }) => ({ ...row, toldAt: iso(row.toldAt), stuckAt: iso(row.stuckAt) }));
      return { items, total: rows[0]?.total ?? 0 };
    });
  }

  one(eventId: string): Promise<StuckEvent | undefined> {
    return this.system(async () => {
      const { rows } =
        await sql<StuckEvent>`select ${SUMMARY}, extra as headers, body from outbox_stuck s where event_id = ${eventId}`.execute(
          this.em.getKysely(),
        );
      const [row] = rows;
      return row && { ...row, toldAt: iso(row.toldAt), stuckAt: iso(row.stuckAt) };
    });
  }

  /** Back into the outbox, at the place that they had: what waits behind them was told later and goes out later. */
  retry(ids: readonly string[], operator: Operator, { dryRun = false } = {}): Promise<Settled[]> {
    return this.each(ids, operator, { dryRun, action: 'outbox retry', outcome: 'retried' });
  }

  /** For good: nobody will hear of these events. Those that wait behind them go out. */
  drop(ids: readonly string[], operator: Operator, { dryRun = false } = {}): Promise<Settled[]> {
    return this.each(ids, operator, { dryRun, action: 'outbox drop', outcome: 'dropped' });
  }

  private async each(
    ids: readonly string[],
    operator: Operator,
    how: { dryRun: boolean; action: ActName; outcome: 'retried' | 'dropped' },
  ): Promise<Settled[]> {
    const settled: Settled[] = [];
    for (const id of ids) settled.push(await this.system(() => this.settle(id, operator, how)));
    return settled;
  }

  private async settle(
    eventId: string,
    operator: Operator,
    { dryRun, action, outcome }: { dryRun: boolean; action: ActName; outcome: 'retried' | 'dropped' },
  ): Promise<Settled> {
    const { em } = this;
    const { rows } = await sql<Row>`select shard, seq::text as seq, topic, key, error,
        (select count(*)::int from outbox_stuck o where o.shard = s.shard and o.key is not distinct from s.key and o.seq <> s.seq) as others
      from outbox_stuck s where event_id = ${eventId} for update`.execute(em.getKysely());
    const [row] = rows;
    if (!row) return { eventId, ...(await this.absent(eventId)) };
    if (!dryRun) await this.take(row, outcome);
    const result = row.others > 0 ? `${outcome}; ${row.others} more of its key are stuck, and it waits for them` : outcome;
    if (!dryRun) await record(em, operator, { action, eventId, topic: row.topic, key: row.key, cause: row.error, result });
    return { eventId, outcome, says: result };
  }

  private async take({ shard, seq }: Row, outcome: 'retried' | 'dropped'): Promise<void> {
    const gone = sql`delete from outbox_stuck where shard = ${shard} and seq = ${seq}::bigint`;
    if (outcome === 'dropped') await gone.execute(this.em.getKysely());
    else
      await sql`with gone as (${gone} returning *)
        insert into outbox (shard, seq, topic, key, event_id, trace, extra, body, created_at) overriding system value
        select shard, seq, topic, key, event_id, trace, extra, body, created_at from gone`.execute(this.em.getKysely());
  }

  private async absent(eventId: string): Promise<{ outcome: 'nothing' | 'unknown'; says: string }> {
    const last = (await actsOn(this.em, eventId)).findLast(({ action }) => action.startsWith('outbox'));
    if (!last) return { outcome: 'unknown', says: 'no event of this id is stuck here' };
    return {
      outcome: 'nothing',
      says: `it is not stuck: ${last.by} ${last.action === 'outbox drop' ? 'dropped' : 'retried'} it at ${last.at}`,
    };
  }

  private system<T>(work: () => Promise<T>): Promise<T> {
    return asSystem(this.em, () => this.em.transactional(work));
  }
}

interface Row {
  shard: number;
  seq: string;
  topic: string;
  key: string | null;
  error: string;
  others: number;
}
