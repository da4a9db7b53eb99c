import { Transactional } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { waitSeconds } from '../breaker.js';
import { type Finding, ReadAccount, type Watched } from './read-account.js';

const logger = log('recheck');
/** At once, and so to be done within their lease of 30 s, each read taking 10 s at the most. */
const AT_ONCE = 10;
const UNREADABLE_AGAIN_SECONDS = 5;

interface Due extends Watched {
  by: 'webhook' | 'run' | 'sweep';
}

@Injectable()
export class RecheckAccounts {
  constructor(
    private readonly em: EntityManager,
    private readonly readAccount: ReadAccount,
  ) {}

  /** Re-reads some of the accounts that somebody suspects. A crash in between leaves the check owed: it is due again 30 s later. Returns how many there were. */
  async execute(): Promise<number> {
    const due = await this.lease();
    const findings = await Promise.all(due.map((one) => this.look(one)));
    for (const [index, one] of due.entries()) await this.settle(one, findings[index] as Finding | number);
    return due.length;
  }

  /** What a run or a webhook suspects goes before what a reconciliation wants to be sure of: there, nobody waits. */
  @Transactional()
  async lease(): Promise<Due[]> {
    const { rows } = await sql<Due>`
      with next as materialized (select id from watched_connection where check_due_at <= now()
        order by (check_asked_by = 'sweep'), check_due_at limit ${AT_ONCE} for update skip locked)
      update watched_connection w set check_due_at = now() + interval '30 s' from next
      where w.id = next.id returning w.id, w.user_id as "userId", w.account_id as "accountId", w.check_asked_by as by`.execute(
      this.em.getKysely(),
    );
    return rows;
  }

  /** What it is, or in how many seconds to look again. */
  private async look(due: Due): Promise<Finding | number> {
    try {
      const finding = await this.readAccount.execute(due, due.by === 'sweep' ? 'reconciliation' : 'recheck');
      return finding.is === 'unreadable' ? UNREADABLE_AGAIN_SECONDS : finding;
    } catch (error) {
      logger.warn({ err: error, connectionId: due.id }, 'the account could not be read: tried again');
      return waitSeconds(error);
    }
  }

  @Transactional()
  async settle(due: Due, finding: Finding | number): Promise<void> {
    const db = this.em.getKysely();
    const mine = sql`id = ${due.id} and account_id = ${due.accountId} and state = 'active'`;
    if (typeof finding === 'number') {
      await sql`update watched_connection set check_due_at = now() + make_interval(secs => ${finding}) where ${mine}`.execute(db);
      return;
    }
    const { rows } = await sql`update watched_connection set check_due_at = null, checked_at = now() where ${mine} returning 1`.execute(db);
    if (!rows.length) return;
    if (finding.is === 'fine') await sql`delete from candidate where connection_id = ${due.id} and state <> 'breaking'`.execute(db);
    if (!('reason' in finding)) return;
    await sql`
      insert into candidate (connection_id, account_id, app, status, reason, detected_by, state)
      select id, account_id, app, ${finding.status}, ${finding.reason}, ${due.by}, 'found' from watched_connection where id = ${due.id}
      on conflict (connection_id) do nothing`.execute(db);
  }
}
