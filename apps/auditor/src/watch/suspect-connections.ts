import { Transactional, texts } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

export interface Suspicion {
  accountId: string;
  /** Where it comes from; told as `detectedBy` if the re-check finds the account broken. */
  by: 'webhook' | 'run';
}

@Injectable()
export class SuspectConnections {
  constructor(private readonly em: EntityManager) {}

  /** Owes each watched, active account a fresh read. An account that is not watched (an abandoned attempt, a superseded one) is none of ours: how many were is returned. */
  @Transactional()
  async execute(suspicions: Suspicion[]): Promise<number> {
    const { rows } = await sql`
      update watched_connection w set check_due_at = now(), check_asked_by = t.by
      from unnest(${texts(suspicions.map((s) => s.accountId))}::text[], ${texts(suspicions.map((s) => s.by))}::text[]) as t (account_id, by)
      where w.account_id = t.account_id and w.state = 'active' returning w.id`.execute(this.em.getKysely());
    return rows.length;
  }
}
