import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

@Injectable()
export class PurgeUsers {
  constructor(private readonly em: EntityManager) {}

  /** Of deleted users for whom nothing is owed at Composio any more, only the tombstone is left. Others are left alone. */
  @Transactional()
  async execute(userIds: readonly string[]): Promise<void> {
    const db = this.em.getKysely();
    const done = await sql<{ user_id: string }>`
      select user_id from composio_entity e
      where user_id in (select unnest(${texts(userIds)}::text[])) and deleted_at is not null
        and not exists (select from connection c where c.user_id = e.user_id and c.state <> 'removed')
        and not exists (select from account a where a.user_id = e.user_id and a.state = 'removing')`.execute(db);
    if (!done.rows.length) return;
    const ids = texts(done.rows.map((row) => row.user_id));
    await sql`delete from redemption where user_id in (select unnest(${ids}::text[]))`.execute(db);
    await sql`delete from account where user_id in (select unnest(${ids}::text[]))`.execute(db);
    await sql`delete from connection_change where user_id in (select unnest(${ids}::text[]))`.execute(db);
    await sql`delete from connection where user_id in (select unnest(${ids}::text[]))`.execute(db);
  }
}
