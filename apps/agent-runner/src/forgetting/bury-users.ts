import { lockUsers, Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { CancelRuns } from '../runs/cancel-runs.js';

@Injectable()
export class BuryUsers {
  constructor(
    private readonly em: EntityManager,
    private readonly cancelRuns: CancelRuns,
  ) {}

  /** Tombstones first: a request that comes later does nothing. Then their runs end; what is kept of them follows (`ForgetUsers`). */
  @Transactional()
  async execute(userIds: readonly string[]): Promise<void> {
    await lockUsers(this.em, userIds, 'ending');
    await sql`
      insert into user_tombstone (id) select distinct jsonb_array_elements_text(${JSON.stringify(userIds)}::jsonb) on conflict (id) do nothing
    `.execute(this.em.getKysely());
    await this.cancelRuns.execute({ userIds, by: 'user.deleted' });
  }
}
