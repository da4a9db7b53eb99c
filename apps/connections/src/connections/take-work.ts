import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

export interface Work {
  id: string;
  userId: string;
}

@Injectable()
export class TakeWork {
  constructor(private readonly em: EntityManager) {}

  /** Due accounts in these states. Taking one moves it a minute ahead, by the database's clock: if this process dies, another takes it then. */
  @Transactional()
  async execute(states: readonly string[], limit: number): Promise<Work[]> {
    const taken = await sql<{ id: string; user_id: string }>`
      update account set work_at = now() + interval '60 seconds', tries = tries + 1
      where id in (
        select id from account where work_at <= now() and state in (${sql.join(states)})
        order by work_at limit ${limit} for update skip locked)
      returning id, user_id`.execute(this.em.getKysely());
    return taken.rows.map((row) => ({ id: row.id, userId: row.user_id }));
  }
}
