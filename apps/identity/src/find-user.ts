import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

/** What a person may read of themselves. None for a user whom another identity system made. */
@Injectable()
export class FindUser {
  constructor(private readonly em: EntityManager) {}

  @Transactional({ readOnly: true })
  async execute({ userId }: { userId: string }): Promise<{ email: string; name: string } | undefined> {
    const query = sql<{ email: string; name: string }>`select email, name from "user" where id = ${userId}`;
    return (await query.execute(this.em.getKysely())).rows[0];
  }
}
