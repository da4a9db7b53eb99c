import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { config } from '../config.js';
import type { Posted } from '../notifications/announce-incidents.js';

const DAY_MINUTES = 24 * 60;
const REMINDER_DAYS = [3, 10];

interface Owed {
  id: string;
  userId: string;
  channel: 'email' | 'webhook';
  step: number;
  minutes: number;
}

@Injectable()
export class OweDeliveries {
  constructor(private readonly em: EntityManager) {}

  /** What is owed outside the inbox for new messages, by each user's choice: an e-mail after the digest window, reminders, a webhook at once. */
  @Transactional()
  async execute(posted: Posted[]): Promise<void> {
    if (!posted.length) return;
    const choices = await this.choices([...new Set(posted.map(({ userId }) => userId))]);
    const owed = posted.flatMap((message) => owedFor(message, choices.get(message.userId)));
    await sql`
      insert into delivery (notification_id, user_id, channel, step, state, due_at)
      select id::uuid, user_id, channel, step::int, 'pending', now() + make_interval(mins => minutes::int)
      from unnest(${texts(owed.map((o) => o.id))}::text[], ${texts(owed.map((o) => o.userId))}::text[], ${texts(owed.map((o) => o.channel))}::text[],
        ${texts(owed.map((o) => String(o.step)))}::text[], ${texts(owed.map((o) => String(o.minutes)))}::text[]) as t (id, user_id, channel, step, minutes)
      on conflict do nothing`.execute(this.em.getKysely());
  }

  private async choices(userIds: string[]): Promise<Map<string, Choice>> {
    const { rows } = await sql<Choice & { userId: string }>`
      select user_id as "userId", email, digest_minutes as "digestMinutes", webhook_url is not null and webhook_failures < 20 as webhook
      from preference where user_id = any (${texts(userIds)}::text[])`.execute(this.em.getKysely());
    return new Map(rows.map((row) => [row.userId, row]));
  }
}

interface Choice {
  email: boolean;
  digestMinutes: number;
  webhook: boolean;
}

function owedFor({ id, userId, emailDelayMinutes, reminders }: Posted, choice?: Choice): Owed[] {
  const { email = true, digestMinutes = config.DIGEST_MINUTES, webhook = false } = choice ?? {};
  const owed: Owed[] = [];
  if (webhook) owed.push({ id, userId, channel: 'webhook', step: 0, minutes: 0 });
  if (email) {
    owed.push({ id, userId, channel: 'email', step: 0, minutes: Math.max(emailDelayMinutes, digestMinutes) });
    if (reminders)
      for (const [nth, days] of REMINDER_DAYS.entries())
        owed.push({ id, userId, channel: 'email', step: nth + 1, minutes: days * DAY_MINUTES });
  }
  return owed;
}
