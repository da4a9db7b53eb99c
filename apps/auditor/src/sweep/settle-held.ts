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

  @Transactional()
  async list(): Promise<{ app: string; held: number; since: Date }[]> {
    const { rows } = await sql<{ app: string; held: number; since: Date }>`
      select app, count(*)::int as held, min(found_at) as since from candidate where state = 'held' group by app order by app`.execute(
      this.em.getKysely(),
    );
    return rows;
  }

  /** Released ones break, with their events; discarded ones are forgotten, and found again by the next sweep if they still are broken. */
  @Transactional()
  async execute(app: string, deed: 'release' | 'discard', operator: Operator): Promise<number> {
    const { rows } =
      deed === 'release'
        ? await sql`update candidate set state = 'breaking' where app = ${app} and state = 'held' returning 1`.execute(this.em.getKysely())
        : await sql`delete from candidate where app = ${app} and state = 'held' returning 1`.execute(this.em.getKysely());
    logger.warn({ app, deed, settled: rows.length }, 'an operator settled what was held');
    if (rows.length)
      await recordDeed(this.em, operator, { action: `held ${deed}`, subject: `app:${app}`, result: `${rows.length} connections` });
    return rows.length;
  }
}
