import { type EventOf, NotificationChanged } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

type Change = Omit<EventOf<typeof NotificationChanged>['data'], 'unread'>;

@Injectable()
export class TellInbox {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** Tells the changes with the number of unread messages that is left, counted once for all of a user's. */
  @Transactional()
  async execute(changes: Change[]): Promise<void> {
    if (!changes.length) return;
    const unread = await this.unread([...new Set(changes.map(({ userId }) => userId))]);
    this.outbox.addAll(
      NotificationChanged,
      changes.map((change) => ({ ...change, unread: unread.get(change.userId) ?? 0 })),
    );
  }

  @Transactional()
  async unread(userIds: string[]): Promise<Map<string, number>> {
    const { rows } = await sql<{ userId: string; unread: number }>`
      select user_id as "userId", count(*)::int as unread from notification where user_id = any (${texts(userIds)}::text[]) and state = 'posted' and listed
      group by user_id`.execute(this.em.getKysely());
    return new Map(rows.map((row) => [row.userId, row.unread]));
  }
}
