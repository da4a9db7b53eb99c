import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

export interface Found {
  email: string;
  name: string;
  /** With us. A user whom a product made has none. */
  hasPassword: boolean;
}

/** What a person may read of themselves. None for a user whom another identity system made. */
@Injectable()
export class FindUser {
  constructor(private readonly em: EntityManager) {}

  @Transactional({ readOnly: true })
  async execute({ userId }: { userId: string }): Promise<Found | undefined> {
    const query = sql<Found>`
      select email, name, exists (select from account a where a."userId" = u.id and a."providerId" = 'credential') as "hasPassword"
      from "user" u where id = ${userId}`;
    return (await query.execute(this.em.getKysely())).rows[0];
  }
}
