import { Transactional } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { drifted } from '../counts.js';
import { DRIFT_KINDS } from './drift-report.entity.js';

const logger = log('drift');

@Injectable()
export class CloseReport {
  constructor(private readonly em: EntityManager) {}

  /** Once its last shard is done. */
  @Transactional()
  async execute(): Promise<void> {
    const { rows } = await sql<Record<string, number | string>>`
      with closed as (update cycle c set state = 'closed', closed_at = now()
        where kind = 'reconciliation' and state = 'open'
        and not exists (select from shard s where s.kind = c.kind and s.period_start = c.period_start and not s.done) returning period_start)
      update drift_report r set state = 'done', closed_at = now() from closed where r.period_start = closed.period_start
      returning r.id, r.connections, r.accounts, r.calls, r.unproven, r.missing, r.extra, r.wrong_owner, r.wrong_status, r.duplicate`.execute(
      this.em.getKysely(),
    );
    for (const report of rows) {
      logger.info(report, 'a reconciliation is done');
      for (const kind of DRIFT_KINDS) drifted.set({ kind }, Number(report[kind]));
      drifted.set({ kind: 'unproven' }, Number(report.unproven));
    }
  }
}
