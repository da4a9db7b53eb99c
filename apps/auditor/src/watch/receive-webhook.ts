import { createHash } from 'node:crypto';
import type { WebhookEvent } from '@gatehouse/composio';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { SuspectConnections } from './suspect-connections.js';

type Outcome = 'watched' | 'unwatched' | 'repeated' | 'other_type';

@Injectable()
export class ReceiveWebhook {
  constructor(
    private readonly em: EntityManager,
    private readonly suspectConnections: SuspectConnections,
  ) {}

  /** Returns what became of it. A repeated delivery, an unknown type and an account that is not watched do nothing, and are no error: Composio would only send them again. */
  @Transactional()
  async execute(event: WebhookEvent): Promise<Outcome> {
    const type = event.kind === 'other' ? event.type : 'composio.connected_account.expired';
    const { rows } =
      await sql`insert into webhook_delivery (id, type) values (${idOf(event)}, ${type}) on conflict do nothing returning 1`.execute(
        this.em.getKysely(),
      );
    if (!rows.length) return 'repeated';
    if (event.kind === 'other') return 'other_type';
    return (await this.suspectConnections.execute([{ accountId: event.accountId, by: 'webhook' }])) > 0 ? 'watched' : 'unwatched';
  }
}

/** Theirs are short; one that does not fit its column must not become an error that they answer with the same delivery again. */
const idOf = ({ eventId }: WebhookEvent): string =>
  eventId.length <= 255 ? eventId : createHash('sha256').update(eventId).digest('base64url');
