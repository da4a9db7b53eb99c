import type { NotificationView } from '@gatehouse/contracts';
import { lockUsers, Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { type Choice, Choices } from '../contacts/choices.js';
import { OweDeliveries } from '../deliveries/owe-deliveries.js';
import type { Facts } from '../words/wording.js';
import { isStale, type Mark } from './stale.js';
import { TellInbox } from './tell-inbox.js';

/** A fact worth a message. */
export interface Announcement {
  userId: string;
  kind: NotificationView['kind'];
  subject: string;
  incident: string;
  epoch: number;
  accountId: string | null;
  apps: string[];
  facts: Facts;
  link: string;
  factAt: Date;
  /** When an e-mail says it, too; null: after the user's digest window. */
  emailAfterMinutes: number | null;
  reminders: boolean;
}
/** `listed`: it stands in the inbox; otherwise it is only sent. */
export type Posted = Announcement & { id: string; listed: boolean };

@Injectable()
export class AnnounceIncidents {
  constructor(
    private readonly em: EntityManager,
    private readonly choices: Choices,
    private readonly oweDeliveries: OweDeliveries,
    private readonly tellInbox: TellInbox,
  ) {}

  /** One message an incident. What was settled, or is said already by an open message, is not said. */
  @Transactional()
  async execute(announcements: Announcement[]): Promise<void> {
    await lockUsers(
      this.em,
      announcements.map(({ userId }) => userId),
      'living',
    );
    const marks = await this.lock(announcements);
    const unsettled = announcements.filter((a) => {
      const mark = marks.get(a.subject);
      return mark && !isStale(mark, a);
    });
    const choiceOf = await this.choices.of(unsettled.map(({ userId }) => userId));
    const posted = await this.post(await this.unsaid(unsettled, choiceOf), choiceOf);
    await this.oweDeliveries.execute(posted, choiceOf);
    const listed = posted.filter((message) => message.listed);
    await this.tellInbox.execute(listed.map(({ id, userId }) => ({ notificationId: id, userId, state: 'posted' })));
  }

  /** Takes the subjects' rows, making those that are missing, so that what settles them has either happened or waits for us. Deleted users have none. */
  private async lock(announcements: Announcement[]): Promise<Map<string, Mark>> {
    const subjects = [...new Map(announcements.map((a) => [a.subject, a.userId])).entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    const { rows } = await sql<Mark & { id: string }>`
      insert into subject (id, user_id, epoch, past_accounts, closed)
      select id, user_id, -1, '{}', false from unnest(${texts(subjects.map(([id]) => id))}::text[], ${texts(subjects.map(([, user]) => user))}::text[]) as t (id, user_id)
      where not exists (select from user_tombstone u where u.id = t.user_id)
      on conflict (id) do update set user_id = subject.user_id
      returning id, epoch, account_id as "accountId", past_accounts as "pastAccounts", settled_at as "settledAt", closed`.execute(
      this.em.getKysely(),
    );
    return new Map(rows.map((row) => [row.id, { ...row, settledAt: row.settledAt && new Date(row.settledAt) }]));
  }

  /** A run has one open message of a kind, and none about an app whose break the user was told of and has not repaired. */
  private async unsaid(announcements: Announcement[], choiceOf: (userId: string) => Choice): Promise<Announcement[]> {
    if (!announcements.length) return [];
    const { rows } = await sql<{ userId: string; subject: string; kind: string; app: string | null }>`
      select user_id as "userId", subject, kind, app from notification
      where user_id = any (${texts([...new Set(announcements.map((a) => a.userId))])}::text[]) and state <> 'resolved'`.execute(
      this.em.getKysely(),
    );
    const isOpen = new Set(rows.map((row) => `${row.kind} ${row.subject}`));
    const broken = new Set(rows.filter((row) => row.kind === 'connection.expired').map((row) => `${row.userId} ${row.app}`));
    const last = new Map<string, Announcement>();
    for (const a of announcements) {
      if (a.kind === 'run.blocked' && standsForRuns(choiceOf(a.userId)) && a.apps.every((app) => broken.has(`${a.userId} ${app}`)))
        continue;
      last.set(`${a.kind} ${a.subject}${a.kind === 'connection.expired' ? ` ${a.incident}` : ''}`, a);
    }
    const said = (key: string, { kind }: Announcement) => kind !== 'connection.expired' && isOpen.has(key);
    await this.renew([...last].filter(([key, a]) => said(key, a)).map(([, a]) => a));
    return [...last].filter(([key, a]) => !said(key, a)).map(([, a]) => a);
  }

  /** The open message stands for the later fact as well: that the run went on in between, which may be told only now, does not settle it. */
  private async renew(announcements: Announcement[]): Promise<void> {
    if (!announcements.length) return;
    const column = (of: (a: Announcement) => string) => texts(announcements.map(of));
    await sql`
      update notification n set facts = t.facts::jsonb, link = t.link, app = nullif(t.app, ''), fact_at = t.fact_at::timestamptz
      from unnest(${column((a) => a.kind)}::text[], ${column((a) => a.subject)}::text[], ${column((a) => JSON.stringify(a.facts))}::text[],
        ${column((a) => a.link)}::text[], ${column((a) => a.apps[0] ?? '')}::text[], ${column((a) => a.factAt.toISOString())}::text[])
        as t (kind, subject, facts, link, app, fact_at)
      where n.kind = t.kind and n.subject = t.subject and n.state <> 'resolved' and n.fact_at < t.fact_at::timestamptz`.execute(
      this.em.getKysely(),
    );
  }

  private async post(announcements: Announcement[], choiceOf: (userId: string) => Choice): Promise<Posted[]> {
    if (!announcements.length) return [];
    const listed = ({ userId, kind }: Announcement) => kind === 'run.approval' || !choiceOf(userId).muted.inbox.includes(kind);
    const rows = announcements.map((a) => ({ ...a, id: uuidv7(), listed: listed(a) }));
    const column = (of: (row: Posted) => string) => texts(rows.map(of));
    const inserted = await sql<{ id: string }>`
      insert into notification (id, user_id, kind, subject, incident, epoch, app, account_id, state, facts, link, fact_at, listed)
      select id::uuid, user_id, kind, subject, incident, epoch::int, nullif(app, ''), nullif(account_id, ''), 'posted', facts::jsonb, link,
        fact_at::timestamptz, listed::boolean
      from unnest(${column((r) => r.id)}::text[], ${column((r) => r.userId)}::text[], ${column((r) => r.kind)}::text[], ${column((r) => r.subject)}::text[],
        ${column((r) => r.incident)}::text[], ${column((r) => String(r.epoch))}::text[], ${column((r) => r.apps[0] ?? '')}::text[],
        ${column((r) => r.accountId ?? '')}::text[], ${column((r) => JSON.stringify(r.facts))}::text[], ${column((r) => r.link)}::text[],
        ${column((r) => r.factAt.toISOString())}::text[], ${column((r) => String(r.listed))}::text[])
        as t (id, user_id, kind, subject, incident, epoch, app, account_id, facts, link, fact_at, listed)
      on conflict (subject, kind, incident) do nothing returning id`.execute(this.em.getKysely());
    const fresh = new Set(inserted.rows.map(({ id }) => id));
    return rows.filter(({ id }) => fresh.has(id));
  }
}

/** Whether the message about a broken app can stand for those about runs that wait for it: not where a channel shows only the latter. */
function standsForRuns({ muted }: Choice): boolean {
  const channels: readonly NotificationView['kind'][][] = [muted.inbox, muted.email, muted.webhook];
  return channels.every((kinds) => !kinds.includes('connection.expired') || kinds.includes('run.blocked'));
}
