import { EntityCreated } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional, texts, unlessTaken } from '@gatehouse/persistence';
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
    const users = [...new Set(userIds)];
    const fresh = await unlessTaken(
      this.em,
      () => this.insertAll(users),
      () => this.insertUnknown(users),
    );
    this.outbox.addAll(
      EntityCreated,
      fresh.map((userId) => ({ userId, entityId: userId })),
    );
  }

  private async insertAll(users: readonly string[]): Promise<readonly string[]> {
    await this.insert(users).execute(this.em.getKysely());
    return users;
  }

  private async insertUnknown(users: readonly string[]): Promise<readonly string[]> {
    const { rows } = await sql<{ user_id: string }>`${this.insert(users)} on conflict (user_id) do nothing returning user_id`.execute(
      this.em.getKysely(),
    );
    return rows.map(({ user_id }) => user_id);
  }

  private insert(users: readonly string[]) {
    return sql`insert into composio_entity (user_id, created_at)
      select user_id, now() from unnest(${texts(users)}::text[]) as user_id`;
  }
}
