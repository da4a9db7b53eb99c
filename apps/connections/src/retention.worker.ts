import { TOMBSTONE_DAYS } from '@gatehouse/messaging';
import { type Perishable, prune } from '@gatehouse/persistence';
import { Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { type RawBuilder, sql } from 'kysely';

/** A session lives ten minutes at Composio; after two days nothing waits for its proof any more. */
const REDEMPTION_DAYS = 2;
/** Attempts that came to nothing. The accounts that once were in use stay as long as their connection. */
const ATTEMPT_DAYS = 30;
/** What became of a connection that is still there; with a removed one all of it goes. */
const HISTORY_DAYS = 365;

/** With their accounts and their history, unless something is still owed at Composio. */
const withAccounts = (where: RawBuilder<unknown>, rows: number) => sql`
  with old as materialized (select id from connection where ${where}
      and not exists (select from account a where a.connection_id = connection.id and a.state = 'removing') order by removed_at limit ${rows}),
    accounts as (delete from account where connection_id in (select id from old)),
    changes as (delete from connection_change where connection_id in (select id from old))
  delete from connection where id in (select id from old)`;

const perishables: Perishable[] = [
  { table: 'redemption', column: 'created_at', days: REDEMPTION_DAYS },
  { table: 'account', column: 'expires_at', days: ATTEMPT_DAYS, where: sql`state = 'not_finished' and work_at is null` },
  { table: 'connection_change', key: 'id', column: 'at', days: HISTORY_DAYS },
  { table: 'connection', column: 'removed_at', days: TOMBSTONE_DAYS, statement: withAccounts, rows: 1000 },
  {
    table: 'composio_entity',
    key: 'user_id',
    column: 'deleted_at',
    days: TOMBSTONE_DAYS,
    // What is owed at Composio for a deleted user is never given up, and its tombstone stands until then.
    where: sql`not exists (select from connection c where c.user_id = composio_entity.user_id)
      and not exists (select from account a where a.user_id = composio_entity.user_id)`,
  },
];

/** Each replica tries, one does it; see `prune`. */
@Injectable()
export class RetentionWorker implements BeforeApplicationShutdown {
  private readonly pruning = new Rounds('pruning', (stop) => prune(this.em, perishables, stop));

  constructor(private readonly em: EntityManager) {}

  @Interval('retention', 60_000)
  tick(): Promise<void> {
    return this.pruning.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.pruning.stop();
  }
}
