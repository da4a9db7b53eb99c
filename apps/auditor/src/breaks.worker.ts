import { asSystem } from '@gatehouse/persistence';
import { Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { CloseApp } from './sweep/close-app.js';
import { BreakConnections } from './watch/break-connections.js';
import { RecheckAccounts } from './watch/recheck-accounts.js';

const BATCH = 500;
const ROUNDS = 5;

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
    // Not until none is left: what was found by then must not wait for the rest of a flood.
    for (let round = 0; round < ROUNDS && !stop.aborted; round += 1) {
      if ((await asSystem(this.em, () => this.recheckAccounts.execute())) === 0) break;
    }
    for (const app of await asSystem(this.em, () => this.closeApp.ready())) {
      if (stop.aborted) return;
      await asSystem(this.em, () => this.closeApp.execute(app));
    }
    while (!stop.aborted && (await asSystem(this.em, () => this.breakConnections.execute(BATCH))) > 0);
  }
}
