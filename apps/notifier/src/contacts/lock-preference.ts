import { lockUsers } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { NotFoundException } from '@nestjs/common';
import { sql } from 'kysely';
import { config } from '../config.js';
import { NOTHING_MUTED, Preference } from './preference.entity.js';

/** The user's row, made with the defaults where there is none, and held until the transaction ends. A deleted user has none and gets none. */
export async function lockPreference(em: EntityManager, userId: string): Promise<Preference> {
  await lockUsers(em, [userId], 'living');
  await sql`
    insert into preference (user_id, email, digest_minutes, muted)
    select ${userId}, true, ${config.DIGEST_MINUTES}, ${JSON.stringify(NOTHING_MUTED)}::jsonb
    where not exists (select from user_tombstone where id = ${userId}) on conflict do nothing`.execute(em.getKysely());
  const row = await em.findOne(Preference, { userId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (!row) throw new NotFoundException();
  return row;
}
