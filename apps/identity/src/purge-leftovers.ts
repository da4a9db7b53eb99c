import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

/** Removes what has passed its time. An unproven sign-up never was a user: nothing is told. */
@Injectable()
export class PurgeLeftovers {
  constructor(private readonly em: EntityManager) {}

  @Transactional()
  async execute(): Promise<void> {
    const db = this.em.getKysely();
    await sql`delete from "user" where not "emailVerified" and "createdAt" < now() - interval '7 days'`.execute(db);
    await sql`delete from "session" where "expiresAt" < now()`.execute(db);
    await sql`delete from "verification" where "expiresAt" < now()`.execute(db);
    await sql`delete from "sign_in_try" where until < now()`.execute(db);
    await sql`delete from "rateLimit" where "lastRequest" < extract(epoch from now() - interval '1 day') * 1000`.execute(db);
  }
}
