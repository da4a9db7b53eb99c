import { recordDeed } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { config } from '../config.js';
import { DriftReport } from './drift-report.entity.js';

interface Wish {
  askedBy: string;
  fix: boolean;
  reason?: string | undefined;
}

@Injectable()
export class OpenReport {
  constructor(private readonly em: EntityManager) {}

  /** The reconciliation of the current period, unless it was opened, or another one is under way. */
  async scheduled(): Promise<void> {
    const period = sql`date_bin(make_interval(secs => ${config.RECONCILE_INTERVAL_SECONDS}), now(), timestamptz '2026-01-01')`;
    await this.execute({ askedBy: 'schedule', fix: config.RECONCILE_FIX === 'on' }, period);
  }

  /** Null: one is under way already. A reason makes it a deed of its operator, which stays written down. */
  @Transactional()
  async execute({ askedBy, fix, reason }: Wish, period: RawBuilder<unknown> = sql`now()`): Promise<DriftReport | null> {
    const db = this.em.getKysely();
    // Two who ask at once: the second one has to see the first one's.
    await sql`select pg_advisory_xact_lock(hashtext('open-reconciliation'))`.execute(db);
    const { rows } = await sql<{ periodStart: Date }>`
      insert into cycle (kind, period_start, state) select 'reconciliation', ${period}, 'open'
      where not exists (select from cycle where kind = 'reconciliation' and state = 'open')
      on conflict do nothing returning period_start as "periodStart"`.execute(db);
    if (!rows.length) return null;
    const id = uuidv7();
    await sql`insert into shard (kind, period_start, shard) select kind, period_start, 'list' from cycle where kind = 'reconciliation' and state = 'open'`.execute(
      db,
    );
    await sql`insert into drift_report (id, period_start, state, asked_by, fix)
      select ${id}, period_start, 'running', ${askedBy}, ${fix} from cycle where kind = 'reconciliation' and state = 'open'`.execute(db);
    if (reason)
      await recordDeed(
        this.em,
        { by: askedBy, note: reason },
        { action: fix ? 'drift fix' : 'drift run', subject: `report:${id}`, result: 'opened' },
      );
    return this.em.findOneOrFail(DriftReport, { id });
  }
}
