import type { MessageLanguage, NotificationKind, QuietHours } from '@gatehouse/contracts';
import { Transactional, texts } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Email } from '../channels/email.js';
import { Webhook } from '../channels/webhook.js';
import { type Facts, languageOf } from '../words/wording.js';
import { quietUntil } from './quiet.js';

const logger = log('send');
const ATTEMPTS = 20;

export interface Letter {
  notificationId: string;
  userId: string;
  channel: 'email' | 'webhook';
  step: number;
  kind: NotificationKind;
  facts: Facts;
  link: string;
  app: string | null;
  createdAt: Date;
  email: string | null;
  /** The user's at the time of sending. */
  language: MessageLanguage;
  quietHours: QuietHours | null;
  webhookUrl: string | null;
  webhookSecret: string | null;
}

@Injectable()
export class SendDeliveries {
  constructor(
    private readonly em: EntityManager,
    private readonly email: Email,
    private readonly webhook: Webhook,
  ) {}

  /**
   * Sends one user's due deliveries of one channel: e-mails as one. The rows say `sending` before and `sent` after. A crash in between sends
   * again once the lease is over, with the same Message-ID or webhook-id. False when nobody has anything due.
   */
  async execute(): Promise<boolean> {
    const letters = await this.take();
    const [first] = letters;
    if (!first) return false;
    const quiet = first.channel === 'email' ? quietUntil(first.quietHours, new Date()) : null;
    if (quiet) {
      await this.hold(letters, quiet);
      return true;
    }
    try {
      if (first.channel === 'email') await this.email.send(letters);
      else for (const letter of letters) await this.webhook.send(letter);
      await this.settle(letters, 'sent');
    } catch (error) {
      logger.warn({ err: error, channel: first.channel, count: letters.length }, 'not sent: tried again later');
      await this.settle(letters, 'pending');
    }
    return true;
  }

  /** With an e-mail goes whatever else the user would soon be mailed: one window, one e-mail. Somebody whose address is not known yet waits. */
  @Transactional()
  async take(): Promise<Letter[]> {
    const { rows } = await sql<Letter & { tag: string | null }>`
      with next as (
        select d.user_id, d.channel from delivery d left join contact c on c.user_id = d.user_id
        where d.state in ('pending', 'sending') and d.due_at <= now() and (d.channel = 'webhook' or c.user_id is not null)
        order by d.due_at limit 1 for update of d skip locked),
      taken as (
        update delivery d set state = 'sending', due_at = now() + interval '60 s', attempts = d.attempts + 1
        from next where d.user_id = next.user_id and d.channel = next.channel
        and (d.due_at <= now() and d.state in ('pending', 'sending') or d.state = 'pending' and d.step = 0 and d.channel = 'email')
        returning d.*)
      select t.notification_id as "notificationId", t.user_id as "userId", t.channel, t.step, n.kind, n.facts, n.link, n.app,
        n.created_at as "createdAt", c.email, coalesce(p.language, c.locale) as tag, p.quiet_hours as "quietHours",
        p.webhook_url as "webhookUrl", p.webhook_secret as "webhookSecret"
      from taken t join notification n on n.id = t.notification_id left join contact c on c.user_id = t.user_id left join preference p on p.user_id = t.user_id
      order by n.created_at, n.id, t.step`.execute(this.em.getKysely());
    return rows.map(({ tag, ...letter }) => ({ ...letter, language: languageOf(tag) }));
  }

  /** Not now: it was no attempt. */
  @Transactional()
  async hold(letters: Letter[], until: Date): Promise<void> {
    await sql`
      update delivery d set state = 'pending', due_at = ${until.toISOString()}::timestamptz, attempts = d.attempts - 1
      from ${keysOf(letters)} where d.notification_id = t.id::uuid and d.channel = t.channel and d.step = t.step::int and d.state = 'sending'`.execute(
      this.em.getKysely(),
    );
  }

  /** Back to `pending` with a back-off that doubles, up to an hour; after 20 tries it is given up, and said so in the log. */
  @Transactional()
  async settle(letters: Letter[], state: 'sent' | 'pending'): Promise<void> {
    const { rows } = await sql<{ state: string; userId: string; channel: string }>`
      update delivery d set
        state = case when ${state} = 'pending' and d.attempts >= ${ATTEMPTS} then 'failed' else ${state} end,
        sent_at = case when ${state} = 'sent' then now() end,
        due_at = case when ${state} = 'pending' then now() + least(interval '1 hour', interval '2 s' * (2 ^ least(d.attempts, 12))) else d.due_at end
      from ${keysOf(letters)} where d.notification_id = t.id::uuid and d.channel = t.channel and d.step = t.step::int and d.state = 'sending'
      returning d.state, d.user_id as "userId", d.channel`.execute(this.em.getKysely());
    if (rows.some((row) => row.state === 'failed'))
      logger.error({ alert: 'delivery_given_up', channel: rows[0]?.channel }, 'a message could not be delivered');
    if (letters[0]?.channel === 'webhook') {
      await sql`update preference set webhook_failures = case when ${state} = 'sent' then 0 else webhook_failures + 1 end
        where user_id = any (${texts(rows.map(({ userId }) => userId))}::text[])`.execute(this.em.getKysely());
    }
  }
}

const keysOf = (
  letters: Letter[],
) => sql`unnest(${texts(letters.map((l) => l.notificationId))}::text[], ${texts(letters.map((l) => l.channel))}::text[],
  ${texts(letters.map((l) => String(l.step)))}::text[]) as t (id, channel, step)`;
