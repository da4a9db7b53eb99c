import { brokenStatus, ConnectionExpired, type EventOf } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional, uuids } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { v5 as uuidv5 } from 'uuid';

type Expired = EventOf<typeof ConnectionExpired>['data'];
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
   * more, or a connection that is broken already, breaks nothing. The candidates are used up either way. Returns how many broke.
   */
  @Transactional()
  async execute(connectionIds: string[]): Promise<number> {
    const ids = uuids(connectionIds);
    const { rows } = await sql<Broken>`
      with taken as (delete from candidate where connection_id = any (${ids}::uuid[]) and state = 'breaking' returning *),
      mine as (select w.id from watched_connection w join taken t on t.connection_id = w.id order by w.id for update of w)
      update watched_connection w set state = 'broken', epoch = w.epoch + 1, broken_at = now(), check_due_at = null, checked_at = now()
      from taken t, mine where w.id = mine.id and t.connection_id = w.id and w.state = 'active' and w.account_id = t.account_id
      returning w.id as "connectionId", w.user_id as "userId", w.app, w.account_id as "accountId", w.epoch, t.status, t.reason,
        t.detected_by as "detectedBy", now() as "detectedAt"`.execute(this.em.getKysely());
    for (const { detectedAt, status, ...row } of rows) {
      const told = { ...row, status: brokenStatus.parse(status), detectedAt: new Date(detectedAt).toISOString() };
      // (connection, epoch) names the incident: told again, it is the same event.
      this.outbox.add(ConnectionExpired, told, { id: uuidv5(String(row.epoch), row.connectionId) });
    }
    return rows.length;
  }
}
