import { lockUsers, Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

@Injectable()
export class ForgetUsers {
  constructor(private readonly em: EntityManager) {}

  @Transactional()
  async execute(userIds: string[]): Promise<void> {
    await lockUsers(this.em, userIds, 'ending');
    const ids = texts([...new Set(userIds)]);
    await sql`insert into user_tombstone (id) select unnest(${ids}::text[]) on conflict do nothing`.execute(this.em.getKysely());
    await sql`delete from candidate c using watched_connection w where w.id = c.connection_id and w.user_id = any (${ids}::text[])`.execute(
      this.em.getKysely(),
    );
    await sql`delete from drift where user_id = any (${ids}::text[])`.execute(this.em.getKysely());
    await sql`delete from watched_connection where user_id = any (${ids}::text[])`.execute(this.em.getKysely());
  }
}
