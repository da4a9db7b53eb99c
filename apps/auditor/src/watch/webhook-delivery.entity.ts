import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'WebhookDelivery',
  properties: {
    id: p.string().length(255).primary(),
    type: p.string(),
    receivedAt: p.datetime().defaultRaw('now()').index('webhook_delivery_received'),
  },
});

/** A webhook of Composio's, by its `webhook-id`, which every retry repeats. */
export class WebhookDelivery extends schema.class {}
schema.setClass(WebhookDelivery);
