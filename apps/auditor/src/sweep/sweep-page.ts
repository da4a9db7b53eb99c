import type { Account, AccountStatus, Cursor } from '@gatehouse/composio';
import { InvalidRequest } from '@gatehouse/composio';
import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { ListAccounts } from '../watch/list-accounts.js';
import { brokenAs, reasonOf } from './broken-as.js';
import { type LeasedShard, LeaseShards } from './lease-shards.js';

@Injectable()
export class SweepPage {
  constructor(
    private readonly em: EntityManager,
    private readonly shards: LeaseShards,
    private readonly listAccounts: ListAccounts,
  ) {}

  /**
   * Asks Composio for one page, outside any transaction, then notes what it saw and where it stands in one. Null: nothing is left of this
   * shard for us (it is done, or another replica took it over). An error concludes nothing about any account: it goes to the caller.
   */
  async execute(leased: LeasedShard): Promise<LeasedShard | null> {
    const [status] = leased.shard.split('/') as [AccountStatus];
    const filter = { ...(leased.shard !== 'ALL' && { statuses: [status] }), ...(leased.apps && { apps: leased.apps.split(',') }) };
    try {
      const page = await this.listAccounts.execute(filter, leased.cursor, 'sweep');
      return await this.remember(leased, page.items, page.next);
    } catch (error) {
      // A page token that is not taken any more: the shard starts anew. What it found so far stays found.
      if (error instanceof InvalidRequest && leased.cursor) await this.shards.advance(leased, null, false);
      throw error;
    }
  }

  @Transactional()
  async remember(leased: LeasedShard, accounts: Account[], next: Cursor | null): Promise<LeasedShard | null> {
    if (!(await this.shards.advance(leased, next, next === null))) return null;
    await this.note(accounts, leased.periodStart);
    return next === null ? null : { ...leased, cursor: next };
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
