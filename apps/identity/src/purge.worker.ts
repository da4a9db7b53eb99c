import { type Perishable, prune } from '@gatehouse/persistence';
import { Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { sql } from 'kysely';

const UNPROVEN_DAYS = 7;
const RATE_LIMIT_DAYS = 1;

/** An unproven sign-up never was a user: nothing is told. The rest carries the time at which it ends. */
const perishables: Perishable[] = [
  { table: 'user', column: 'createdAt', days: UNPROVEN_DAYS, where: sql`not "emailVerified"` },
  { table: 'session', column: 'expiresAt', days: 0 },
  { table: 'verification', column: 'expiresAt', days: 0 },
  { table: 'sign_in_try', column: 'until', days: 0 },
  { table: 'rateLimit', column: 'lastRequest', days: RATE_LIMIT_DAYS, inMilliseconds: true },
];

/** Removes what has passed its time. */
@Injectable()
export class PurgeWorker implements BeforeApplicationShutdown {
  private readonly pruning = new Rounds('pruning', (stop) => prune(this.em, perishables, stop));

  constructor(private readonly em: EntityManager) {}

  @Interval('purge', 60_000)
  tick(): Promise<void> {
    return this.pruning.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.pruning.stop();
  }
}
