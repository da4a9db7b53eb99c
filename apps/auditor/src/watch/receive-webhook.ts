import type { WebhookEvent } from '@gatehouse/composio';
import { Transactional } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { SuspectConnections } from './suspect-connections.js';

const logger = log('webhook');

@Injectable()
export class ReceiveWebhook {
  constructor(
    private readonly em: EntityManager,
    private readonly suspectConnections: SuspectConnections,
  ) {}

  /** A repeated delivery, an unknown type and an account that is not watched do nothing, and are no error: Composio would only send them again. */
  @Transactional()
  async execute(event: WebhookEvent): Promise<void> {
    const type = event.kind === 'other' ? event.type : 'composio.connected_account.expired';
    const { rows } =
      await sql`insert into webhook_delivery (id, type) values (${event.eventId}, ${type}) on conflict do nothing returning 1`.execute(
        this.em.getKysely(),
      );
    if (!rows.length || event.kind === 'other') return;
    const watched = await this.suspectConnections.execute([{ accountId: event.accountId, by: 'webhook' }]);
    logger.info({ watched }, 'Composio says that an account expired');
  }
}
