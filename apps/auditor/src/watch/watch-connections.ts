import type { ConnectionActivated, EventOf } from '@gatehouse/contracts';
import { lockUsers, Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

type Activation = EventOf<typeof ConnectionActivated>['data'];

@Injectable()
export class WatchConnections {
  constructor(private readonly em: EntityManager) {}

  /** The last activation of a connection wins (they come in order); its epoch never falls, a removed one stays removed. Whoever activated it had just read its account. */
  @Transactional()
  async execute(activations: Activation[]): Promise<void> {
    await lockUsers(
      this.em,
      activations.map(({ userId }) => userId),
      'living',
    );
    const last = [...new Map(activations.map((a) => [a.connectionId, a])).values()];
    await sql`
      insert into watched_connection (id, user_id, app, account_id, state, epoch, checked_at)
      select id::uuid, user_id, app, account_id, 'active', epoch::int, now()
      from unnest(${texts(last.map((a) => a.connectionId))}::text[], ${texts(last.map((a) => a.userId))}::text[], ${texts(last.map((a) => a.app))}::text[],
        ${texts(last.map((a) => a.accountId))}::text[], ${texts(last.map((a) => String(a.epoch)))}::text[]) as t (id, user_id, app, account_id, epoch)
      where not exists (select from user_tombstone u where u.id = t.user_id)
      on conflict (id) do update set account_id = excluded.account_id, state = 'active', broken_at = null, check_due_at = null,
        checked_at = now(), epoch = greatest(watched_connection.epoch, excluded.epoch)
      where watched_connection.state <> 'removed'`.execute(this.em.getKysely());
    // What was found about the account before this one says nothing about it any more.
    await sql`delete from candidate c using unnest(${texts(last.map((a) => a.connectionId))}::text[]) as t (id) where c.connection_id = t.id::uuid`.execute(
      this.em.getKysely(),
    );
  }
}
