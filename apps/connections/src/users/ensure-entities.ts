import { EntityCreated } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

@Injectable()
export class EnsureEntities {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** One row a user and one `entity.created`, whatever the redelivery. A tombstone is a row, so it wins over a late `user.created`. */
  @Transactional()
  async execute(userIds: readonly string[]): Promise<void> {
    const fresh = await sql<{ user_id: string }>`
      insert into composio_entity (user_id, created_at)
      select user_id, now() from unnest(${texts([...new Set(userIds)])}::text[]) as user_id
      on conflict (user_id) do nothing
      returning user_id`.execute(this.em.getKysely());
    this.outbox.addAll(
      EntityCreated,
      fresh.rows.map(({ user_id }) => ({ userId: user_id, entityId: user_id })),
    );
  }
}
