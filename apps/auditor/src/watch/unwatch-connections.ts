import type { ConnectionRemoved, EventOf } from '@gatehouse/contracts';
import { lockUsers, Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

type Removal = EventOf<typeof ConnectionRemoved>['data'];

@Injectable()
export class UnwatchConnections {
  constructor(private readonly em: EntityManager) {}

  /** Leaves a tombstone: the activation of a removed connection may still be on its way. */
  @Transactional()
  async execute(removals: Removal[]): Promise<void> {
    await lockUsers(
      this.em,
      removals.map(({ userId }) => userId),
      'living',
    );
    const last = [...new Map(removals.map((r) => [r.connectionId, r])).values()];
    await sql`
      insert into watched_connection (id, user_id, app, account_id, state, epoch, removed_at)
      select id::uuid, user_id, app, account_id, 'removed', 0, now()
      from unnest(${texts(last.map((r) => r.connectionId))}::text[], ${texts(last.map((r) => r.userId))}::text[], ${texts(last.map((r) => r.app))}::text[],
        ${texts(last.map((r) => r.accountId))}::text[]) as t (id, user_id, app, account_id)
      where not exists (select from user_tombstone u where u.id = t.user_id)
      on conflict (id) do update set state = 'removed', check_due_at = null,
        removed_at = coalesce(watched_connection.removed_at, now())`.execute(this.em.getKysely());
    await sql`delete from candidate c using unnest(${texts(last.map((r) => r.connectionId))}::text[]) as t (id) where c.connection_id = t.id::uuid`.execute(
      this.em.getKysely(),
    );
  }
}
