import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

@Injectable()
export class ForgetRedemptions {
  constructor(private readonly em: EntityManager) {}

  /** A session lives ten minutes at Composio; after two days nothing waits for its proof any more. */
  @Transactional()
  async execute(): Promise<void> {
    await sql`delete from redemption where created_at < now() - interval '2 days'`.execute(this.em.getKysely());
  }
}
