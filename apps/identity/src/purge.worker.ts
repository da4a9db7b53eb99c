import { asSystem } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { PurgeLeftovers } from './purge-leftovers.js';

const EVERY_MS = 3_600_000;

/** Every replica purges each hour: the deletes are the same whoever does them, and a second one finds nothing. */
@Injectable()
export class PurgeWorker {
  private readonly log = log('purge');

  constructor(
    private readonly em: EntityManager,
    private readonly purge: PurgeLeftovers,
  ) {}

  @Interval(EVERY_MS)
  async tick(): Promise<void> {
    try {
      await asSystem(this.em, () => this.purge.execute());
    } catch (err) {
      this.log.error({ err }, 'purge failed; the next hour tries again');
    }
  }
}
