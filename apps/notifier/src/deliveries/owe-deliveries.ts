import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Choice } from '../contacts/choices.js';
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
  async execute(posted: Posted[], choiceOf: (userId: string) => Choice): Promise<void> {
    const owed = posted.flatMap((message) => owedFor(message, choiceOf(message.userId)));
    if (!owed.length) return;
    await sql`
      insert into delivery (notification_id, user_id, channel, step, state, due_at)
      select id::uuid, user_id, channel, step::int, 'pending', now() + make_interval(mins => minutes::int)
      from unnest(${texts(owed.map((o) => o.id))}::text[], ${texts(owed.map((o) => o.userId))}::text[], ${texts(owed.map((o) => o.channel))}::text[],
        ${texts(owed.map((o) => String(o.step)))}::text[], ${texts(owed.map((o) => String(o.minutes)))}::text[]) as t (id, user_id, channel, step, minutes)
      on conflict do nothing`.execute(this.em.getKysely());
  }
}

/** An approval is told of after its own time: a run waits for it, and it expires. */
function owedFor({ id, userId, kind, emailAfterMinutes, reminders }: Posted, { email, digestMinutes, webhook, muted }: Choice): Owed[] {
  const owed: Owed[] = [];
  if (webhook && !muted.webhook.includes(kind)) owed.push({ id, userId, channel: 'webhook', step: 0, minutes: 0 });
  if (email && !muted.email.includes(kind)) {
    owed.push({ id, userId, channel: 'email', step: 0, minutes: emailAfterMinutes ?? digestMinutes });
    if (reminders)
      for (const [nth, days] of REMINDER_DAYS.entries())
        owed.push({ id, userId, channel: 'email', step: nth + 1, minutes: days * DAY_MINUTES });
  }
  return owed;
}
