import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

export interface RemovalWish {
  userIds: readonly string[];
  /** Without it: every connection of these users. */
  connectionId?: string;
  by: 'user' | 'operator' | 'user.deleted';
}

@Injectable()
export class StartRemovals {
  constructor(private readonly em: EntityManager) {}

  /** The gate says no from this commit on. What is owed at Composio is left to the removals worker; what was never there is gone at once. */
  @Transactional()
  async execute({ userIds, connectionId, by }: RemovalWish): Promise<void> {
    const db = this.em.getKysely();
    const one = connectionId ? sql`and id = ${connectionId}` : sql``;
    const leaving = await sql<{ id: string }>`
      update connection set state = 'removing', removed_by = ${by}, reason = null, removal_outcome = 'pending'
      where user_id in (select unnest(${texts(userIds)}::text[])) and state not in ('removing', 'removed') ${one}
      returning id`.execute(db);
    const ids = leaving.rows.map((row) => row.id);
    if (!ids.length) return;
    await sql`
      update account set state = 'removing', revoke = true, reason = ${by}, sealed_link = null, work_at = now(), tries = 0
      where connection_id = any (${ids}::uuid[]) and (state = 'active' or (state = 'pending' and account_id is not null))`.execute(db);
    await sql`
      update account set state = 'not_finished', reason = ${by}, sealed_link = null, work_at = null
      where connection_id = any (${ids}::uuid[]) and state in ('starting', 'pending', 'not_finished')`.execute(db);
    await sql`
      update connection c set state = 'removed', removed_at = now(), removal_outcome = 'already_gone'
      where id = any (${ids}::uuid[]) and not exists (select from account a where a.connection_id = c.id and a.state = 'removing')`.execute(
      db,
    );
  }
}
