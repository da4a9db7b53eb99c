import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { TellInbox } from './tell-inbox.js';

@Injectable()
export class MarkInboxRead {
  constructor(
    private readonly em: EntityManager,
    private readonly tellInbox: TellInbox,
  ) {}

  /** Returns how many are left: those that came after `upTo`. */
  @Transactional()
  async execute(userId: string, upTo: string | undefined): Promise<number> {
    const { rows } = await sql<{ id: string }>`
      update notification set state = 'read'
      where user_id = ${userId} and state = 'posted' and listed and (${upTo ?? null}::uuid is null or id <= ${upTo ?? null}::uuid)
      returning id`.execute(this.em.getKysely());
    await this.tellInbox.execute(rows.map(({ id }) => ({ notificationId: id, userId, state: 'read' })));
    return (await this.tellInbox.unread([userId])).get(userId) ?? 0;
  }
}
