import {
  type Account,
  accountId,
  COMPOSIO,
  type ComposioPort,
  entityId,
  NotFound,
  OwnerMismatch,
  OwnerUnproven,
} from '@gatehouse/composio';
import { Transactional } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type BrokenStatus, brokenAs, reasonOf } from '../sweep/broken-as.js';

const logger = log('recheck');

interface Due {
  id: string;
  userId: string;
  accountId: string;
  by: 'webhook' | 'run';
}
type Finding = { status: BrokenStatus; reason: string } | 'fine' | 'later';

@Injectable()
export class RecheckAccounts {
  constructor(
    private readonly em: EntityManager,
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
  ) {}

  /** Re-reads the accounts that somebody suspects. A crash in between leaves the check owed: it is due again 30 s later. */
  async execute(stop?: AbortSignal): Promise<number> {
    const due = await this.lease();
    for (const one of due) {
      if (stop?.aborted) break;
      await this.settle(one, await this.look(one));
    }
    return due.length;
  }

  @Transactional()
  async lease(): Promise<Due[]> {
    const { rows } = await sql<Due>`
      update watched_connection w set check_due_at = now() + interval '30 s'
      from (select id from watched_connection where check_due_at <= now() order by check_due_at limit 20 for update skip locked) as next
      where w.id = next.id returning w.id, w.user_id as "userId", w.account_id as "accountId", w.check_asked_by as by`.execute(
      this.em.getKysely(),
    );
    return rows;
  }

  private async look({ id, userId, accountId: raw }: Due): Promise<Finding> {
    try {
      const account: Account = await this.composio.getAccount({ id: accountId(raw), owner: entityId(userId) }, { budget: 'sweep' });
      const status = brokenAs(account);
      return status ? { status, reason: reasonOf(account) } : 'fine';
    } catch (error) {
      // Only a direct read proves that an account is gone.
      if (error instanceof NotFound && error.what === 'account') return { status: 'REVOKED', reason: 'deleted at Composio' };
      if (error instanceof OwnerMismatch || error instanceof OwnerUnproven) {
        logger.error({ alert: 'owner_mismatch', connectionId: id }, 'Composio names another owner for a watched account');
        return { status: 'REVOKED', reason: 'the account is not this user’s any more' };
      }
      logger.warn({ err: error, connectionId: id }, 'the account could not be read: tried again');
      return 'later';
    }
  }

  @Transactional()
  async settle(due: Due, finding: Finding): Promise<void> {
    if (finding === 'later') return;
    const { rows } = await sql`
      update watched_connection set check_due_at = null, checked_at = now() where id = ${due.id} and account_id = ${due.accountId} and state = 'active'
      returning 1`.execute(this.em.getKysely());
    if (finding === 'fine' || !rows.length) return;
    await sql`
      insert into candidate (connection_id, account_id, app, status, reason, detected_by, state)
      select id, account_id, app, ${finding.status}, ${finding.reason}, ${due.by}, 'found' from watched_connection where id = ${due.id}
      on conflict (connection_id) do nothing`.execute(this.em.getKysely());
  }
}
