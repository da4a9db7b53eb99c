import { lockUsers, Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { TellInbox } from './tell-inbox.js';

/** A fact that makes messages about its subject pointless. */
export interface Settlement {
  userId: string;
  subject: string;
  /** A connection's activation: breaks up to this epoch, and those of other accounts, are over. Null: whatever is open is. */
  activation: { epoch: number; accountId: string } | null;
  factAt: Date;
  /** The subject is gone for good: the connection was removed, the run ended. */
  closed: boolean;
}

@Injectable()
export class SettleIncidents {
  constructor(
    private readonly em: EntityManager,
    private readonly tellInbox: TellInbox,
  ) {}

  @Transactional()
  async execute(settlements: Settlement[]): Promise<void> {
    await lockUsers(
      this.em,
      settlements.map(({ userId }) => userId),
      'living',
    );
    // The facts of one subject on one topic come in order, so the last one says it all.
    const last = [...new Map(settlements.map((s) => [s.subject, s])).values()].sort((a, b) => (a.subject < b.subject ? -1 : 1));
    await this.mark(last);
    const ids = texts(last.map((s) => s.subject));
    const { rows } = await sql<{ id: string; userId: string; listed: boolean }>`
      update notification n set state = 'resolved', resolved_at = now() from subject s
      where s.id = any (${ids}::text[]) and n.subject = s.id and n.state <> 'resolved'
      and (s.closed or case when n.kind = 'connection.expired' then n.epoch <= s.epoch or n.account_id = any (s.past_accounts) else n.fact_at <= s.settled_at end)
      returning n.id, n.user_id as "userId", n.listed`.execute(this.em.getKysely());
    if (!rows.length) return;
    await sql`delete from delivery where notification_id::text = any (${texts(rows.map(({ id }) => id))}::text[]) and state = 'pending'`.execute(
      this.em.getKysely(),
    );
    const listed = rows.filter((row) => row.listed);
    await this.tellInbox.execute(listed.map(({ id, userId }) => ({ notificationId: id, userId, state: 'resolved' })));
  }

  /** Remembered even if nothing was told yet: the fact that it settles may come later. */
  private async mark(settlements: Settlement[]): Promise<void> {
    const column = (of: (s: Settlement) => string) => texts(settlements.map(of));
    await sql`
      insert into subject (id, user_id, epoch, account_id, past_accounts, settled_at, closed)
      select id, user_id, epoch::int, nullif(account_id, ''), '{}', settled_at::timestamptz, closed::boolean
      from unnest(${column((s) => s.subject)}::text[], ${column((s) => s.userId)}::text[], ${column((s) => String(s.activation?.epoch ?? -1))}::text[],
        ${column((s) => s.activation?.accountId ?? '')}::text[], ${column((s) => s.factAt.toISOString())}::text[], ${column((s) => String(s.closed))}::text[])
        as t (id, user_id, epoch, account_id, settled_at, closed)
      where not exists (select from user_tombstone u where u.id = t.user_id)
      on conflict (id) do update set
        epoch = greatest(subject.epoch, excluded.epoch),
        account_id = coalesce(excluded.account_id, subject.account_id),
        past_accounts = case when subject.account_id is not null and excluded.account_id <> subject.account_id
          then array_remove((array_prepend(subject.account_id, subject.past_accounts))[:20], excluded.account_id) else subject.past_accounts end,
        settled_at = greatest(subject.settled_at, excluded.settled_at),
        closed = subject.closed or excluded.closed`.execute(this.em.getKysely());
  }
}
