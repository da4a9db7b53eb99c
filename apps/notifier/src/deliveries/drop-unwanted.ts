import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Preference } from '../contacts/preference.entity.js';

@Injectable()
export class DropUnwanted {
  constructor(private readonly em: EntityManager) {}

  /** What is owed over a channel that the user has switched off, for all or for its kind: reminders of days to come, too. */
  @Transactional()
  async execute({ userId, email, webhookUrl, muted }: Pick<Preference, 'userId' | 'email' | 'webhookUrl' | 'muted'>): Promise<void> {
    await sql`
      delete from delivery d using notification n
      where n.id = d.notification_id and d.user_id = ${userId} and d.state in ('pending', 'sending') and case d.channel
        when 'email' then not ${email}::boolean or n.kind = any (${texts(muted.email)}::text[])
        else ${webhookUrl === null}::boolean or n.kind = any (${texts(muted.webhook)}::text[]) end`.execute(this.em.getKysely());
  }
}
