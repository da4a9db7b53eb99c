import { asSystem } from '@gatehouse/persistence';
import { Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { sql } from 'kysely';
import { CloseApp } from './sweep/close-app.js';
import { BreakConnections } from './watch/break-connections.js';
import { RecheckAccounts } from './watch/recheck-accounts.js';

const BATCH = 500;

/** Re-reads what is suspected, lets the guard decide on what was found, and breaks what it let through. */
@Injectable()
export class BreaksWorker implements BeforeApplicationShutdown {
  private readonly breaking = new Rounds('breaking connections', (stop) => this.work(stop));

  constructor(
    private readonly em: EntityManager,
    private readonly recheckAccounts: RecheckAccounts,
    private readonly closeApp: CloseApp,
    private readonly breakConnections: BreakConnections,
  ) {}

  @Interval('breaks', 500)
  tick(): Promise<void> {
    return this.breaking.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.breaking.stop();
  }

  private async work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && (await asSystem(this.em, () => this.recheckAccounts.execute(stop))) > 0);
    for (const app of await asSystem(this.em, () => this.closeApp.ready())) {
      if (stop.aborted) return;
      await asSystem(this.em, () => this.closeApp.execute(app));
    }
    while (!stop.aborted && (await asSystem(this.em, () => this.breakBatch())));
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
