import { Transactional } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { config } from '../config.js';
import { allowedBreaks } from './blast-radius.js';

const logger = log('blast-radius');

const REREAD_A_SWEEP = 100;

interface Closed {
  periodStart: string;
  openedAt: Date;
}
interface Tally {
  found: number;
  held: number;
  recent: number;
  active: number;
}

@Injectable()
export class CloseApp {
  constructor(private readonly em: EntityManager) {}

  /** Apps with findings of an ended cycle, or of single re-checks. Closes the cycle in passing, once its last page was read. */
  @Transactional()
  async ready(): Promise<string[]> {
    const closed = await sql<Closed>`
      update cycle c set state = 'closed', closed_at = now()
      where kind = 'sweep' and state = 'open'
      and not exists (select from shard s where s.kind = c.kind and s.period_start = c.period_start and not s.done)
      returning period_start::text as "periodStart", opened_at as "openedAt"`.execute(this.em.getKysely());
    for (const cycle of closed.rows) await this.letRecover(cycle);
    const { rows } = await sql<{ app: string }>`
      select distinct app from candidate where state = 'found' and (period_start is null
        or not exists (select from cycle c where c.kind = 'sweep' and c.period_start = candidate.period_start and c.state = 'open'))`.execute(
      this.em.getKysely(),
    );
    return rows.map(({ app }) => app);
  }

  /**
   * Held, seen by an earlier sweep and not by this one: it recovered. What no sweep ever saw was found by a direct read (it may be deleted,
   * and so in no list): only another one tells, and a few of them a sweep are enough.
   */
  private async letRecover({ periodStart, openedAt }: Closed): Promise<void> {
    await sql`delete from candidate where state = 'held' and period_start < ${periodStart}::timestamptz`.execute(this.em.getKysely());
    await sql`
      update watched_connection w set check_due_at = now(), check_asked_by = c.detected_by
      from (select h.connection_id, h.detected_by from candidate h join watched_connection v on v.id = h.connection_id and v.state = 'active'
            where h.state = 'held' and h.period_start is null and h.found_at < ${openedAt}
            order by v.checked_at nulls first limit ${REREAD_A_SWEEP}) as c
      where w.id = c.connection_id`.execute(this.em.getKysely());
  }

  /** The guard: counts before anything breaks. Within the radius the app's findings may break; beyond it they are held, and an operator is told. */
  @Transactional()
  async execute(app: string): Promise<void> {
    // Two replicas must not both count before either has decided.
    await sql`select pg_advisory_xact_lock(hashtext(${`blast-radius:${app}`}))`.execute(this.em.getKysely());
    const { rows } = await sql<Tally>`
      select (select count(*)::int from candidate where app = ${app} and state in ('found', 'breaking')) as found,
        (select count(*)::int from candidate where app = ${app} and state = 'held') as held,
        (select count(*)::int from watched_connection where app = ${app} and broken_at > now() - interval '1 hour') as recent,
        coalesce((select active from app_size where app = ${app}), 0) as active`.execute(this.em.getKysely());
    const tally = rows[0] as Tally;
    const allowed = allowedBreaks(tally.active, { connections: config.BLAST_RADIUS_CONNECTIONS, share: config.BLAST_RADIUS_SHARE });
    const hold = tally.found + tally.held + tally.recent > allowed;
    await sql`update candidate set state = ${hold ? 'held' : 'breaking'} where app = ${app} and state = 'found'`.execute(
      this.em.getKysely(),
    );
    if (hold)
      logger.error(
        { alert: 'blast_radius', app, ...tally, allowed },
        'more connections would break than one fault should explain: held for an operator',
      );
  }
}
