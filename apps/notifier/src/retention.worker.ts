import { TOMBSTONE_DAYS } from '@gatehouse/messaging';
import { type Perishable, prune } from '@gatehouse/persistence';
import { Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { type RawBuilder, sql } from 'kysely';
import { config } from './config.js';

/** With what is owed of them over other channels, which after so long nobody waits for. */
const withDeliveries = (where: RawBuilder<unknown>, rows: number) => sql`
  with old as materialized (select id from notification where ${where} order by created_at limit ${rows}),
    owed as (delete from delivery where notification_id in (select id from old))
  delete from notification where id in (select id from old)`;

const perishables: Perishable[] = [
  { table: 'notification', column: 'created_at', days: config.NOTIFICATIONS_KEPT_DAYS, statement: withDeliveries, rows: 2000 },
  { table: 'subject', key: 'id', column: 'settled_at', days: TOMBSTONE_DAYS, where: sql`closed` },
  { table: 'user_tombstone', key: 'id', column: 'at', days: TOMBSTONE_DAYS },
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
