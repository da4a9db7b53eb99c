import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

/** Sessions and passwords go with the row; the trigger tells `user.deleted` and keeps the id from being used again. */
@Injectable()
export class DeleteUser {
  constructor(private readonly em: EntityManager) {}

  @Transactional()
  async execute({ userId }: { userId: string }): Promise<void> {
    await sql`delete from "user" where id = ${userId}`.execute(this.em.getKysely());
  }
}
