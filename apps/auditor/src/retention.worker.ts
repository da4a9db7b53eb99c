import { TOMBSTONE_DAYS } from '@gatehouse/messaging';
import { type Perishable, prune } from '@gatehouse/persistence';
import { Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

/** Composio repeats a delivery for hours; a month also serves whoever looks into one. */
const WEBHOOK_DAYS = 30;

const REPORT_DAYS = 30;

const perishables: Perishable[] = [
  { table: 'webhook_delivery', column: 'received_at', days: WEBHOOK_DAYS },
  { table: 'drift', column: 'found_at', days: REPORT_DAYS },
  { table: 'drift_report', column: 'opened_at', days: REPORT_DAYS },
  { table: 'watched_connection', column: 'removed_at', days: TOMBSTONE_DAYS },
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
