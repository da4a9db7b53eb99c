import { asSystem } from '@gatehouse/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { SHARDS } from './shard.js';

export interface Shard {
  readonly shard: number;
  readonly fence: string;
}

/**
 * Which shards of the outbox this relay may send, so that each has one sender and keys keep their order. Dealt out evenly among the
 * relays that live; leases run by the database's clock, and here by a monotonic one started before the question, so they end early here.
 */
export class ShardLeases {
  private held: readonly Shard[] = [];
  private until = 0;

  constructor(
    private readonly em: EntityManager,
    private readonly owner: string,
    private readonly leaseMs = 10_000,
  ) {}

  /** The shards to send now; none once the lease is over by our own clock. */
  get current(): readonly Shard[] {
    return performance.now() < this.until ? this.held : [];
  }

  /** Renews, takes a fair share and gives up what is beyond it. */
  async renew(): Promise<void> {
    const before = performance.now();
    this.held = await this.system(async () => {
      const db = this.em.getKysely();
      const lease = sql`now() + ${this.leaseMs} * interval '1 ms'`;
      await sql`insert into outbox_relay (owner, seen_until) values (${this.owner}, ${lease})
        on conflict (owner) do update set seen_until = excluded.seen_until`.execute(db);
      await sql`delete from outbox_relay where seen_until < now()`.execute(db);
      const { rows } = await sql<{ relays: number }>`select count(*)::int as relays from outbox_relay`.execute(db);
      const share = Math.ceil(SHARDS / Math.max(1, rows[0]?.relays ?? 1));
      await sql`update outbox_shard set owner = null, lease_until = null where shard in
        (select shard from outbox_shard where owner = ${this.owner} order by shard offset ${share})`.execute(db);
      const held = await sql<Shard>`update outbox_shard set lease_until = ${lease},
          fence = case when owner = ${this.owner} and lease_until > now() then fence else fence + 1 end, owner = ${this.owner}
        where shard in (select shard from outbox_shard where owner = ${this.owner} or owner is null or lease_until <= now()
          order by owner is distinct from ${this.owner}, shard limit ${share} for update skip locked)
        returning shard, fence::text as fence`.execute(db);
      return held.rows;
    });
    // Started before the question: ours ends before the database's.
    this.until = before + this.leaseMs * 0.9;
  }

  async giveUp(): Promise<void> {
    this.until = 0;
    await this.system(async () => {
      const db = this.em.getKysely();
      await sql`update outbox_shard set owner = null, lease_until = null where owner = ${this.owner}`.execute(db);
      await sql`delete from outbox_relay where owner = ${this.owner}`.execute(db);
    });
  }

  private system<T>(work: () => Promise<T>): Promise<T> {
    return asSystem(this.em, () => this.em.transactional(work));
  }
}
