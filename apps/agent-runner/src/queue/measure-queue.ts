import { Transactional } from '@gatehouse/persistence';
import { Gauge } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

const age = new Gauge({
  name: 'agent_runner_queue_age_seconds',
  help: 'Age of the oldest run that is due and waits for a worker: add replicas while it grows.',
});

@Injectable()
export class MeasureQueue {
  constructor(private readonly em: EntityManager) {}

  /** One look into an index, however long the queue. As the system. */
  @Transactional()
  async execute(): Promise<void> {
    const { rows } = await sql<{ age: number }>`
      select greatest(0, coalesce(extract(epoch from now() - min(run_at)), 0))::float8 as age from run where state = 'queued'
    `.execute(this.em.getKysely());
    age.set(rows[0]?.age ?? 0);
  }
}
