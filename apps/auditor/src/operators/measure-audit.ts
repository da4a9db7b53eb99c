import type { AuditHealth } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { config } from '../config.js';
import { asked, webhooks } from '../counts.js';

interface Row {
  openedAt: string;
  closedAt: string | null;
  shards: number;
  shardsDone: number;
}

const startedAt = new Date(Date.now() - process.uptime() * 1000).toISOString();
const iso = (timestamp: string) => new Date(timestamp).toISOString();

@Injectable()
export class MeasureAudit {
  constructor(private readonly em: EntityManager) {}

  /** A few rows of the last sweep, and this process's own counts. As the system. */
  @Transactional()
  async execute(): Promise<AuditHealth> {
    const { rows } = await sql<Row>`
      select c.opened_at as "openedAt", c.closed_at as "closedAt", count(s.shard)::int as shards, count(*) filter (where s.done)::int as "shardsDone"
      from (select * from cycle where kind = 'sweep' order by opened_at desc limit 1) c
      left join shard s on s.kind = c.kind and s.period_start = c.period_start group by 1, 2`.execute(this.em.getKysely());
    const { rows: ages } = await sql<{ age: number | null }>`
      select extract(epoch from now() - coalesce(max(opened_at) filter (where state = 'closed'), min(opened_at)))::float8 as age
      from cycle where kind = 'sweep'`.execute(this.em.getKysely());
    const [last] = rows;
    return {
      lastSweep: last ? { ...last, openedAt: iso(last.openedAt), closedAt: last.closedAt && iso(last.closedAt) } : null,
      uncheckedSeconds: ages[0]?.age ?? null,
      startedAt,
      calls: (await asked.get()).values.map(({ labels, value }) => ({ work: String(labels.work), count: value })),
      callsPerMinuteAtMost: config.COMPOSIO_SWEEP_CALLS_PER_MINUTE,
      webhooks: (await webhooks.get()).values.map(({ labels, value }) => ({ outcome: String(labels.outcome), count: value })),
    };
  }
}
