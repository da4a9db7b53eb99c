import type { Muted } from '@gatehouse/contracts';
import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { config } from '../config.js';
import { NOTHING_MUTED, WEBHOOK_FAILURES } from './preference.entity.js';

/** How a user wants to be told of something new. */
export interface Choice {
  email: boolean;
  digestMinutes: number;
  webhook: boolean;
  muted: Muted;
}

const NONE_MADE: Choice = { email: true, digestMinutes: config.DIGEST_MINUTES, webhook: false, muted: NOTHING_MUTED };

@Injectable()
export class Choices {
  constructor(private readonly em: EntityManager) {}

  @Transactional()
  async of(userIds: string[]): Promise<(userId: string) => Choice> {
    if (!userIds.length) return () => NONE_MADE;
    const { rows } = await sql<Choice & { userId: string }>`
      select user_id as "userId", email, digest_minutes as "digestMinutes", muted,
        webhook_url is not null and webhook_failures < ${WEBHOOK_FAILURES} as webhook
      from preference where user_id = any (${texts([...new Set(userIds)])}::text[])`.execute(this.em.getKysely());
    const made = new Map(rows.map((row) => [row.userId, row]));
    return (userId) => made.get(userId) ?? NONE_MADE;
  }
}
