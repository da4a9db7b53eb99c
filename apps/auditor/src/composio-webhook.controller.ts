import { verifyWebhook, type WebhookEvent, WebhookRejected } from '@gatehouse/composio';
import { asSystem } from '@gatehouse/persistence';
import { Access, log, Problem } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, HttpCode, Post, type RawBodyRequest, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { config } from './config.js';
import { webhooks } from './counts.js';
import { ReceiveWebhook } from './watch/receive-webhook.js';

const logger = log('webhook');

/** Composio's signature is the sign-in here. What it says is a hint: the account is looked up in the watch list and read again. */
@Controller('webhooks/composio')
@Access('anyone')
export class ComposioWebhookController {
  constructor(
    private readonly em: EntityManager,
    private readonly receiveWebhook: ReceiveWebhook,
  ) {}

  @Post()
  @HttpCode(200)
  async receive(@Req() request: RawBodyRequest<FastifyRequest>): Promise<{ received: true }> {
    const event = this.verified(request);
    webhooks.inc({ outcome: await asSystem(this.em, () => this.receiveWebhook.execute(event)) });
    return { received: true };
  }

  private verified(request: RawBodyRequest<FastifyRequest>): WebhookEvent {
    if (!config.COMPOSIO_WEBHOOK_SECRETS.length)
      throw new Problem(503, 'webhooks_not_configured', 'No secret for Composio’s webhooks is configured.');
    try {
      return verifyWebhook({
        rawBody: request.rawBody ?? Buffer.alloc(0),
        headers: request.headers as Record<string, string | undefined>,
        secrets: config.COMPOSIO_WEBHOOK_SECRETS,
        now: new Date(),
      });
    } catch (error) {
      if (!(error instanceof WebhookRejected)) throw error;
      webhooks.inc({ outcome: 'refused' });
      logger.warn({ reason: error.reason }, 'a webhook was refused');
      throw new Problem(401, 'webhook_refused', 'This webhook is not one of Composio’s, or too old.');
    }
  }
}
