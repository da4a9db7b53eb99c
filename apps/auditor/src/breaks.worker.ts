import { asSystem } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { sql } from 'kysely';
import { CloseApp } from './sweep/close-app.js';
import { BreakConnections } from './watch/break-connections.js';
import { RecheckAccounts } from './watch/recheck-accounts.js';

const logger = log('breaks');
const BATCH = 500;

/** Re-reads what is suspected, lets the guard decide on what was found, and breaks what it let through. */
@Injectable()
export class BreaksWorker {
  private busy = false;

  constructor(
    private readonly em: EntityManager,
    private readonly recheckAccounts: RecheckAccounts,
    private readonly closeApp: CloseApp,
    private readonly breakConnections: BreakConnections,
  ) {}

  @Interval('breaks', 500)
  async tick(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      while ((await asSystem(this.em, () => this.recheckAccounts.execute())) > 0);
      for (const app of await asSystem(this.em, () => this.closeApp.ready())) await asSystem(this.em, () => this.closeApp.execute(app));
      while (await asSystem(this.em, () => this.breakBatch()));
    } catch (error) {
      logger.error({ err: error }, 'this tick failed: the next one goes on where it stopped');
    } finally {
      this.busy = false;
    }
  }

  private async breakBatch(): Promise<boolean> {
    const { rows } = await this.em.transactional((em) =>
      sql<{ id: string }>`select connection_id as id from candidate where state = 'breaking' order by connection_id limit ${BATCH}`.execute(
        em.getKysely(),
      ),
    );
    if (!rows.length) return false;
    await this.breakConnections.execute(rows.map(({ id }) => id));
    return true;
  }
}
