import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';

@Injectable()
export class NoteUse {
  constructor(private readonly em: EntityManager) {}

  /** A run got these connections. To the minute: a busy agent must not make each gate check a write. */
  @Transactional()
  async execute(userId: string, connectionIds: readonly string[]): Promise<void> {
    if (!connectionIds.length) return;
    await sql`
      update connection set last_used_at = now()
      where user_id = ${userId} and id in (${sql.join(connectionIds)})
        and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(this.em.getKysely());
  }
}
