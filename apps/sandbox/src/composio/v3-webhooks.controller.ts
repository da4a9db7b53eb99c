import { Body, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { z } from 'zod';
import { type ApiCall, Call, ComposioApi } from './api-calls.js';
import { badRequest, ComposioError } from './errors.js';
import { parse } from './parse.js';
import { EXPIRED_EVENT, isAcceptableTarget, newSecret, type Subscription, type Webhooks } from './webhooks.js';

const EVENTS = ['composio.trigger.message', EXPIRED_EVENT, 'composio.trigger.disabled'];
const subscriptionBody = z.object({
  webhook_url: z.string(),
  enabled_events: z.array(z.enum(EVENTS)).min(1),
  version: z.literal('V3').default('V3'),
});
const changeBody = subscriptionBody.partial().omit({ version: true });

@ComposioApi('api/v3.1/webhook_subscriptions', 'api/v3/webhook_subscriptions')
export class V3WebhooksController {
  @Get()
  list(@Call() { project }: ApiCall) {
    const { subscription } = project.webhooks;
    return { items: subscription ? [present(subscription)] : [] };
  }

  @Get('event_types')
  eventTypes() {
    return { items: EVENTS.map((event_type) => ({ event_type, supported_versions: ['V3'] })) };
  }

  @Post()
  subscribe(@Call() { project }: ApiCall, @Body() body: unknown) {
    const { webhook_url, enabled_events } = parse(subscriptionBody, body);
    if (project.webhooks.subscription)
      throw new ComposioError(409, 700, 'WebhookSubscription_Conflict', 'This project has a subscription already');
    const subscription = project.webhooks.subscribe(acceptable(webhook_url), newSecret(), enabled_events);
    return { ...present(subscription), secret: subscription.secret };
  }

  @Get(':id')
  get(@Call() { project }: ApiCall, @Param('id') id: string) {
    return present(find(project.webhooks, id));
  }

  @Patch(':id')
  change(@Call() { project }: ApiCall, @Param('id') id: string, @Body() body: unknown) {
    const { webhook_url, enabled_events } = parse(changeBody, body);
    const subscription = find(project.webhooks, id);
    if (webhook_url) subscription.url = acceptable(webhook_url);
    if (enabled_events) subscription.events = enabled_events;
    subscription.updatedAt = project.clock.now();
    return present(subscription);
  }

  @Delete(':id')
  remove(@Call() { project }: ApiCall, @Param('id') id: string) {
    find(project.webhooks, id);
    project.webhooks.subscription = null;
    return { success: true };
  }

  @Post(':id/rotate_secret')
  @HttpCode(200)
  rotate(@Call() { project }: ApiCall, @Param('id') id: string) {
    const subscription = find(project.webhooks, id);
    subscription.oldSecret = subscription.secret;
    subscription.secret = newSecret();
    return { id, secret: subscription.secret };
  }
}

function find(webhooks: Webhooks, id: string): Subscription {
  if (webhooks.subscription?.id !== id) throw new ComposioError(404, 701, 'WebhookSubscription_NotFound', `Subscription ${id} not found`);
  return webhooks.subscription;
}

function acceptable(url: string): string {
  if (!isAcceptableTarget(url)) throw badRequest('webhook_url must be https', 'Validation_InvalidUrl', 400);
  return url;
}

const present = (subscription: Subscription): object => ({
  id: subscription.id,
  webhook_url: subscription.url,
  version: 'V3',
  enabled_events: subscription.events,
  created_at: new Date(subscription.createdAt).toISOString(),
  updated_at: new Date(subscription.updatedAt).toISOString(),
});
