import type { HeldApp } from '@gatehouse/contracts';
import { type Operator, recordDeed } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

const logger = log('blast-radius');

@Injectable()
export class SettleHeld {
  constructor(private readonly em: EntityManager) {}

  /** With how many connections each app had when they were last counted: at the opening of a sweep. */
  @Transactional()
  async list(): Promise<HeldApp[]> {
    const { rows } = await sql<Omit<HeldApp, 'since'> & { since: string }>`
      select c.app, count(*)::int as held, min(c.found_at) as since, coalesce(max(s.active), 0)::int as active
      from candidate c left join app_size s on s.app = c.app where c.state = 'held' group by c.app order by c.app`.execute(
      this.em.getKysely(),
    );
    return rows.map((row) => ({ ...row, since: new Date(row.since).toISOString() }));
  }

  /**
   * Released ones break, with their events; discarded ones are forgotten, and found again by the next sweep if they still are broken.
   * How many; with `dryRun` how many it would be.
   */
  @Transactional()
  async execute(
    { app, deed, dryRun = false }: { app: string; deed: 'release' | 'discard'; dryRun?: boolean },
    operator: Operator,
  ): Promise<number> {
    const db = this.em.getKysely();
    const held = sql`app = ${app} and state = 'held'`;
    if (dryRun) return (await sql`select from candidate where ${held}`.execute(db)).rows.length;
    const { rows } =
      deed === 'release'
        ? await sql`update candidate set state = 'breaking' where ${held} returning 1`.execute(db)
        : await sql`delete from candidate where ${held} returning 1`.execute(db);
    logger.warn({ app, deed, settled: rows.length }, 'an operator settled what was held');
    if (rows.length)
      await recordDeed(this.em, operator, { action: `held ${deed}`, subject: `app:${app}`, result: `${rows.length} connections` });
    return rows.length;
  }
}
