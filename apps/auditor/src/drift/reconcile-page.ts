import { type Account, type Cursor, InvalidRequest } from '@gatehouse/composio';
import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type LeasedShard, LeaseShards } from '../sweep/lease-shards.js';
import { ListAccounts } from '../watch/list-accounts.js';
import { judgeAccount, type Watcher } from './judge-account.js';
import { NoteDrift } from './note-drift.js';
import { MIRROR_SHARDS } from './prove-missing.js';

@Injectable()
export class ReconcilePage {
  constructor(
    private readonly em: EntityManager,
    private readonly shards: LeaseShards,
    private readonly listAccounts: ListAccounts,
    private readonly noteDrift: NoteDrift,
  ) {}

  /** One page of Composio's whole list against our watch list; with the last one the shards of the other direction are made. Null: nothing is left of this shard for us. */
  async execute(leased: LeasedShard): Promise<LeasedShard | null> {
    try {
      const page = await this.listAccounts.execute({}, leased.cursor, 'reconciliation');
      return await this.remember(leased, page.items, page.next);
    } catch (error) {
      if (error instanceof InvalidRequest && leased.cursor) await this.startAnew(leased);
      throw error;
    }
  }

  @Transactional()
  async remember(leased: LeasedShard, accounts: Account[], next: Cursor | null): Promise<LeasedShard | null> {
    const { periodStart } = leased;
    if (!(await this.shards.advance(leased, next, next === null))) return null;
    const watchers = await this.seen(accounts);
    const siblings = await this.inUse(accounts.filter(({ id }) => !watchers.has(id)));
    const now = new Date();
    const found = accounts.flatMap((account) =>
      judgeAccount(account, watchers.get(account.id) ?? [], { now, sibling: siblings.has(`${account.owner} ${account.app}`) }),
    );
    await this.noteDrift.execute(periodStart, found, { accounts: accounts.length, calls: 1 });
    if (next !== null) return { ...leased, cursor: next };
    await sql`insert into shard (kind, period_start, shard)
      select 'reconciliation', ${periodStart}::timestamptz, 'mirror/' || n from generate_series(0, ${MIRROR_SHARDS - 1}) n`.execute(
      this.em.getKysely(),
    );
    return null;
  }

  @Transactional()
  async startAnew(leased: LeasedShard): Promise<void> {
    if (await this.shards.advance(leased, null, false)) await this.noteDrift.forget(leased.periodStart);
  }

  /** Our connections that name these accounts, by account; they are noted as seen, so that the rest is what is missing. */
  private async seen(accounts: readonly Account[]): Promise<Map<string, Watcher[]>> {
    const ids = accounts.flatMap(({ id, otherIds }) => [id, ...otherIds].map((any) => ({ id, any })));
    const { rows } = await sql<Watcher & { seenAs: string }>`
      with mine as (select w.id, t.id as seen_as
        from unnest(${texts(ids.map(({ id }) => id))}::text[], ${texts(ids.map(({ any }) => any))}::text[]) as t (id, account_id)
        join watched_connection w on w.account_id = t.account_id order by w.id for update of w)
      update watched_connection w set checked_at = now() from mine where w.id = mine.id
      returning w.id, w.user_id as "userId", w.app, w.state, mine.seen_as as "seenAs"`.execute(this.em.getKysely());
    return Map.groupBy(rows, ({ seenAs }) => seenAs);
  }

  /** Owner and app of those among them that have another active connection of the same app. */
  private async inUse(accounts: readonly Account[]): Promise<Set<string>> {
    const owned = accounts.flatMap(({ owner, app }) => (owner === null ? [] : [{ owner, app }]));
    if (!owned.length) return new Set();
    const { rows } = await sql<{ owner: string; app: string }>`
      select distinct w.user_id as owner, w.app
      from unnest(${texts(owned.map(({ owner }) => owner))}::text[], ${texts(owned.map(({ app }) => app))}::text[]) as t (owner, app)
      join watched_connection w on w.user_id = t.owner and w.app = t.app and w.state = 'active'`.execute(this.em.getKysely());
    return new Set(rows.map(({ owner, app }) => `${owner} ${app}`));
  }
}
