import { asSystem } from '@gatehouse/persistence';
import { Gauge, Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { sql } from 'kysely';

const unchecked = new Gauge({
  name: 'auditor_unchecked_seconds',
  help: 'How long ago the last complete sweep began: no watched connection has gone unchecked for longer.',
});

/** A sweep lists what is broken and so checks every connection at once: its age is that of the one unchecked for longest. */
@Injectable()
export class MeasureWorker implements BeforeApplicationShutdown {
  private readonly measuring = new Rounds('measuring the sweep', () => this.measure());

  constructor(private readonly em: EntityManager) {}

  @Interval('measure', 15_000)
  tick(): Promise<void> {
    return this.measuring.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.measuring.stop();
  }

  /** Before the first sweep was complete: since it began. */
  private async measure(): Promise<void> {
    const { rows } = await asSystem(this.em, () =>
      this.em.transactional((em) =>
        sql<{ age: number }>`
          select greatest(0, coalesce(extract(epoch from now() - coalesce(max(opened_at) filter (where state = 'closed'), min(opened_at))), 0))::float8
            as age from cycle where kind = 'sweep'`.execute(em.getKysely()),
      ),
    );
    unchecked.set(rows[0]?.age ?? 0);
  }
}
