import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { StartRemovals } from '../removals/start-removals.js';
import { PurgeUsers } from './purge-users.js';

@Injectable()
export class ForgetUsers {
  constructor(
    private readonly em: EntityManager,
    private readonly startRemovals: StartRemovals,
    private readonly purgeUsers: PurgeUsers,
  ) {}

  /** The tombstone comes first: from this commit on the gate says no. What Composio holds is then taken down by the removals worker. */
  @Transactional()
  async execute(userIds: readonly string[]): Promise<void> {
    await sql`
      insert into composio_entity (user_id, created_at, deleted_at)
      select distinct user_id, now(), now() from unnest(${texts(userIds)}::text[]) as user_id
      on conflict (user_id) do update set deleted_at = coalesce(composio_entity.deleted_at, excluded.deleted_at)`.execute(
      this.em.getKysely(),
    );
    await this.startRemovals.execute({ userIds, by: 'user.deleted' });
    await this.purgeUsers.execute(userIds);
  }
}
