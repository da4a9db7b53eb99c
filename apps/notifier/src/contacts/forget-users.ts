import { lockUsers, Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

const TABLES = ['delivery', 'notification', 'subject', 'preference', 'contact'] as const;

@Injectable()
export class ForgetUsers {
  constructor(private readonly em: EntityManager) {}

  /** Nothing is sent to a deleted user, and nothing about them is kept but the id that is never used again. */
  @Transactional()
  async execute(userIds: string[]): Promise<void> {
    await lockUsers(this.em, userIds, 'ending');
    const ids = texts([...new Set(userIds)]);
    await sql`insert into user_tombstone (id) select unnest(${ids}::text[]) on conflict do nothing`.execute(this.em.getKysely());
    for (const table of TABLES)
      await sql`delete from ${sql.table(table)} where user_id = any (${ids}::text[])`.execute(this.em.getKysely());
  }
}
