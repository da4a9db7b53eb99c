import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { config } from '../config.js';
import { type Lease, lost, RunStopped } from './lease.js';

@Injectable()
export class RenewLease {
  constructor(private readonly em: EntityManager) {}

  /** Throws `LeaseLost` when the run is no longer ours, `RunStopped` when it is to be cancelled. */
  @Transactional()
  async execute(lease: Lease, activeMs: number): Promise<void> {
    const { rows } = await sql<{ stop: boolean }>`
      update run set lease_until = now() + make_interval(secs => ${config.RUN_LEASE_SECONDS}), active_ms = active_ms + ${activeMs}
      where id = ${lease.runId} and user_id = ${lease.userId} and fence = ${lease.fence} and state = 'running'
      returning cancel_asked_by is not null as stop
    `.execute(this.em.getKysely());
    if (!rows[0]) throw lost(lease);
    if (rows[0].stop) throw new RunStopped();
  }
}
