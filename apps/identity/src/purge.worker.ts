import { asSystem } from '@gatehouse/persistence';
import { Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { PurgeLeftovers } from './purge-leftovers.js';

const EVERY_MS = 3_600_000;

/** Every replica purges each hour: the deletes are the same whoever does them, and a second one finds nothing. */
@Injectable()
export class PurgeWorker implements BeforeApplicationShutdown {
  private readonly purging = new Rounds('purging', () => asSystem(this.em, () => this.purge.execute()));

  constructor(
    private readonly em: EntityManager,
    private readonly purge: PurgeLeftovers,
  ) {}

  @Interval(EVERY_MS)
  tick(): Promise<void> {
    return this.purging.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.purging.stop();
  }
}
