import type { Account, AccountStatus, Cursor } from '@gatehouse/composio';
import { InvalidRequest } from '@gatehouse/composio';
import type { ComposioAudit } from '@gatehouse/composio/audit';
import { COMPOSIO_AUDIT } from '@gatehouse/composio/audit';
import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { config } from '../config.js';
import { brokenAs, reasonOf } from './broken-as.js';

export interface LeasedShard {
  periodStart: string;
  shard: string;
  cursor: string | null;
  fence: number;
}

@Injectable()
export class SweepPage {
  constructor(
    private readonly em: EntityManager,
    @Inject(COMPOSIO_AUDIT) private readonly composio: ComposioAudit,
  ) {}

  /** Leases a shard nobody works on, for 30 s; null when there is none. */
  @Transactional()
  async lease(owner: string): Promise<LeasedShard | null> {
    const { rows } = await sql<LeasedShard>`
      update shard s set owner = ${owner}, lease_until = now() + interval '30 s', fence = s.fence + 1
      from (select period_start, shard from shard where not done and (lease_until is null or lease_until < now())
            order by period_start, shard limit 1 for update skip locked) as next
      where s.period_start = next.period_start and s.shard = next.shard
      returning s.period_start::text as "periodStart", s.shard, s.cursor, s.fence`.execute(this.em.getKysely());
    return rows[0] ?? null;
  }

  /**
   * Asks Composio for one page, outside any transaction, then notes what it saw and where it stands in one. Null: nothing is left of this
   * shard for us (it is done, or another replica took it over). An error concludes nothing about any account: it goes to the caller.
   */
  async execute(leased: LeasedShard): Promise<LeasedShard | null> {
    const filter = leased.shard === 'ALL' ? {} : { statuses: [leased.shard as AccountStatus] };
    try {
      const page = await this.composio.listEveryAccount(
        { ...filter, limit: config.SWEEP_PAGE_SIZE, ...(leased.cursor && { cursor: leased.cursor as Cursor }) },
        { budget: 'sweep' },
      );
      return await this.remember(leased, page.items, page.next);
    } catch (error) {
      // A page token that is not taken any more: the shard starts anew. What it found so far stays found.
      if (error instanceof InvalidRequest && leased.cursor) return await this.remember(leased, [], null, false);
      throw error;
    }
  }

  /** Hands a shard back, so that it is tried again after `seconds`, by anyone. */
  @Transactional()
  async giveBack({ periodStart, shard, fence }: LeasedShard, seconds: number): Promise<void> {
    await sql`update shard set lease_until = now() + make_interval(secs => ${seconds})
      where period_start = ${periodStart}::timestamptz and shard = ${shard} and fence = ${fence}`.execute(this.em.getKysely());
  }

  @Transactional()
  async remember(leased: LeasedShard, accounts: Account[], next: Cursor | null, done = next === null): Promise<LeasedShard | null> {
    const { rows } = await sql`
      update shard set cursor = ${next}, done = ${done}, pages = pages + 1, lease_until = now() + interval '30 s'
      where period_start = ${leased.periodStart}::timestamptz and shard = ${leased.shard} and fence = ${leased.fence} returning 1`.execute(
      this.em.getKysely(),
    );
    if (!rows.length) return null;
    await this.note(accounts, leased.periodStart);
    return done ? null : { ...leased, cursor: next };
  }

  /** Only an account that is the watched, active connection's own now is a candidate: abandoned and superseded ones are nobody's loss. */
  private async note(accounts: Account[], periodStart: string): Promise<void> {
    const broken = accounts.flatMap((account) => {
      const status = brokenAs(account);
      return status ? [account.id, ...account.otherIds].map((id) => ({ id, status, reason: reasonOf(account) })) : [];
    });
    if (!broken.length) return;
    await sql`
      insert into candidate (connection_id, account_id, app, status, reason, detected_by, state, period_start)
      select distinct on (w.id) w.id, w.account_id, w.app, t.status, t.reason, 'sweep', 'found', ${periodStart}::timestamptz
      from unnest(${texts(broken.map((b) => b.id))}::text[], ${texts(broken.map((b) => b.status))}::text[], ${texts(broken.map((b) => b.reason))}::text[])
        as t (account_id, status, reason)
      join watched_connection w on w.account_id = t.account_id and w.state = 'active'
      order by w.id
      on conflict (connection_id) do update set period_start = excluded.period_start, status = excluded.status, reason = excluded.reason,
        state = case when candidate.account_id = excluded.account_id then candidate.state else 'found' end, account_id = excluded.account_id`.execute(
      this.em.getKysely(),
    );
  }
}
