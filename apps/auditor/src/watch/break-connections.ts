import { brokenStatus, ConnectionExpired, type EventOf } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional, texts, uuids } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { v5 as uuidv5 } from 'uuid';

type Expired = EventOf<typeof ConnectionExpired>['data'];
interface Taken {
  id: string;
  accountId: string;
  status: string;
  reason: string;
  by: string;
}
interface Broken extends Omit<Expired, 'detectedAt'> {
  detectedAt: Date;
}

@Injectable()
export class BreakConnections {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /**
   * active → broken, epoch + 1: the one place that tells of it. No transition, no event: an account that is not the connection's any
   * more, or a connection that is broken already, breaks nothing. At most `limit` of what the guard let through; replicas at work at once
   * take different ones. The candidates are used up either way: returns how many were.
   */
  @Transactional()
  async execute(limit: number): Promise<number> {
    const { rows: taken } = await sql<Taken>`
      with next as materialized (
        select connection_id from candidate where state = 'breaking' order by connection_id limit ${limit} for update skip locked)
      delete from candidate c using next where c.connection_id = next.connection_id
      returning c.connection_id as id, c.account_id as "accountId", c.status, c.reason, c.detected_by as by`.execute(this.em.getKysely());
    if (taken.length) await this.break(taken);
    return taken.length;
  }

  private async break(taken: Taken[]): Promise<void> {
    const { rows } = await sql<Broken>`
      with t as (select * from unnest(${uuids(taken.map((one) => one.id))}::uuid[], ${texts(taken.map((one) => one.accountId))}::text[],
        ${texts(taken.map((one) => one.status))}::text[], ${texts(taken.map((one) => one.reason))}::text[],
        ${texts(taken.map((one) => one.by))}::text[]) as t (connection_id, account_id, status, reason, detected_by)),
      mine as (select w.id from watched_connection w join t on t.connection_id = w.id order by w.id for update of w)
      update watched_connection w set state = 'broken', epoch = w.epoch + 1, broken_at = now(), check_due_at = null, checked_at = now()
      from t, mine where w.id = mine.id and t.connection_id = w.id and w.state = 'active' and w.account_id = t.account_id
      returning w.id as "connectionId", w.user_id as "userId", w.app, w.account_id as "accountId", w.epoch, t.status, t.reason,
        t.detected_by as "detectedBy", now() as "detectedAt"`.execute(this.em.getKysely());
    for (const { detectedAt, status, ...row } of rows) {
      const told = { ...row, status: brokenStatus.parse(status), detectedAt: new Date(detectedAt).toISOString() };
      // (connection, epoch) names the incident: told again, it is the same event.
      this.outbox.add(ConnectionExpired, told, { id: uuidv5(String(row.epoch), row.connectionId) });
    }
  }
}
