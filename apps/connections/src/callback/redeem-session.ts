import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Redemption } from './redemption.entity.js';

@Injectable()
export class RedeemSession {
  constructor(private readonly em: EntityManager) {}

  /** False when anybody ever brought this session: it is never redeemed twice. */
  @Transactional()
  async open(userId: string, sessionHash: string): Promise<boolean> {
    const { numAffectedRows } = await sql`
      insert into redemption (session_hash, user_id, outcome, created_at) values (${sessionHash}, ${userId}, 'open', now())
      on conflict (session_hash) do nothing`.execute(this.em.getKysely());
    if (numAffectedRows !== 1n) return false;
    // Should this process die before it knows the answer, somebody else looks.
    await this.lookWithin(userId, 35);
    return true;
  }

  @Transactional()
  async settle(userId: string, sessionHash: string, outcome: Redemption['outcome']): Promise<void> {
    await this.em.nativeUpdate(Redemption, { userId, sessionHash, accountId: null }, { outcome });
  }

  @Transactional()
  async release(userId: string, sessionHash: string): Promise<void> {
    await this.em.nativeDelete(Redemption, { userId, sessionHash, outcome: 'open' });
  }

  /** The answer was lost or is not there yet: the pending worker reads the user's open attempts. */
  @Transactional()
  async lookSoon(userId: string): Promise<void> {
    await this.lookWithin(userId, 1);
  }

  private async lookWithin(userId: string, seconds: number): Promise<void> {
    await sql`
      update account set work_at = least(work_at, now() + make_interval(secs => ${seconds})), tries = 0
      where user_id = ${userId} and state = 'pending'`.execute(this.em.getKysely());
  }
}
