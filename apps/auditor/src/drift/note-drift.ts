import { Transactional, texts } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DRIFT_KINDS } from './drift-report.entity.js';
import type { Difference } from './judge-account.js';

const logger = log('drift');
const KEPT_OF_A_KIND = 1000;

export interface Progress {
  connections?: number;
  accounts?: number;
  calls?: number;
  unproven?: number;
}

@Injectable()
export class NoteDrift {
  constructor(private readonly em: EntityManager) {}

  /** Adds to the report of this period, in the transaction that moves the shard on. */
  @Transactional()
  async execute(periodStart: string, found: readonly Difference[], progress: Progress): Promise<void> {
    const db = this.em.getKysely();
    const of = Object.fromEntries(DRIFT_KINDS.map((kind) => [kind, found.filter((one) => one.kind === kind).length]));
    const { rows } = await sql<{ id: string; fix: boolean }>`
      update drift_report set connections = connections + ${progress.connections ?? 0}, accounts = accounts + ${progress.accounts ?? 0},
        calls = calls + ${progress.calls ?? 0}, unproven = unproven + ${progress.unproven ?? 0}, missing = missing + ${of.missing},
        extra = extra + ${of.extra}, wrong_owner = wrong_owner + ${of.wrong_owner}, wrong_status = wrong_status + ${of.wrong_status},
        duplicate = duplicate + ${of.duplicate}
      where period_start = ${periodStart}::timestamptz returning id, fix`.execute(db);
    const [report] = rows;
    if (!report || !found.length) return;
    await this.keep(report.id, found);
    for (const { kind, connectionId } of found)
      if (kind === 'wrong_owner')
        logger.error({ alert: 'owner_mismatch', connectionId }, 'Composio lists a watched account under another owner');
    if (report.fix) await this.cure(found.flatMap(({ curable, connectionId }) => (curable && connectionId ? [connectionId] : [])));
  }

  /** A list that starts anew is counted anew. */
  @Transactional()
  async forget(periodStart: string): Promise<void> {
    const db = this.em.getKysely();
    await sql`delete from drift d using drift_report r where r.period_start = ${periodStart}::timestamptz and d.report_id = r.id`.execute(
      db,
    );
    await sql`update drift_report set accounts = 0, extra = 0, wrong_owner = 0, wrong_status = 0, duplicate = 0
      where period_start = ${periodStart}::timestamptz`.execute(db);
  }

  private async keep(reportId: string, found: readonly Difference[]): Promise<void> {
    const column = (value: (one: Difference) => string | null) => texts(found.map(value));
    await sql`
      insert into drift (report_id, kind, account_id, connection_id, user_id, app, says)
      select ${reportId}, t.kind, t.account_id, t.connection_id::uuid, t.user_id, t.app, t.says
      from unnest(${column((one) => one.kind)}::text[], ${column((one) => one.accountId)}::text[], ${column((one) => one.connectionId)}::text[],
        ${column((one) => one.userId)}::text[], ${column((one) => one.app)}::text[], ${column((one) => one.says)}::text[])
        as t (kind, account_id, connection_id, user_id, app, says)
      where (select count(*) from (select from drift d where d.report_id = ${reportId} and d.kind = t.kind limit ${KEPT_OF_A_KIND}) as kept) < ${KEPT_OF_A_KIND}
        and not exists (select from user_tombstone u where u.id = t.user_id)
      on conflict do nothing`.execute(this.em.getKysely());
  }

  /**
   * Owes each a direct read, as a suspicion does: what that proves is broken by the ordinary transition, through the blast-radius guard. What
   * the guard holds already is an operator's to settle.
   */
  private async cure(connectionIds: string[]): Promise<void> {
    if (!connectionIds.length) return;
    await sql`
      update watched_connection w set check_due_at = now(), check_asked_by = 'sweep'
      from unnest(${texts(connectionIds)}::text[]) as t (id) where w.id = t.id::uuid and w.state = 'active' and w.check_due_at is null
        and not exists (select from candidate c where c.connection_id = w.id)`.execute(this.em.getKysely());
  }
}
