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
    const users = sql`select unnest(${texts(userIds)}::text[])`;
    await sql`select from composio_entity where user_id in (${users}) order by user_id for update`.execute(db); // as who connects
    const one = connectionId ? sql`and id = ${connectionId}` : sql``;
    const leaving = await sql<{ id: string }>`
      update connection set state = 'removing', changed_by = ${by}, removed_by = ${by}, is_default = false, reason = null, removal_outcome = 'pending'
      where user_id in (${users}) and state not in ('removing', 'removed') ${one}
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
    // The only one that is left is the default then. Of several their user chooses: until then the gate has no answer.
    await sql`
      update connection c set is_default = true
      where user_id in (${users}) and not is_default and connected_at is not null and state not in ('removing', 'removed')
        and not exists (select from connection o where o.user_id = c.user_id and o.app = c.app and o.id <> c.id
          and o.connected_at is not null and o.state not in ('removing', 'removed'))`.execute(db);
  }
}
