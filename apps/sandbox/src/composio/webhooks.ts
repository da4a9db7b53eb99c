import { createHmac, randomBytes } from 'node:crypto';
import { type Account, shortId } from './account.js';
import { isLoopback } from './loopback.js';
import type { Project } from './project.js';

const RETRIES_AFTER_MS = [5_000, 30_000, 120_000, 600_000];
const ANSWER_WITHIN_MS = 10_000;
const LATE_MS = 3 * 60_000;
const STALE_MS = 60 * 60_000;
export const EXPIRED_EVENT = 'composio.connected_account.expired';

export interface Subscription {
  id: string;
  url: string;
  events: string[];
  secret: string;
  oldSecret: string | null;
  createdAt: number;
  updatedAt: number;
}

export interface Delivery {
  id: string;
  type: string;
  account: string;
  url: string;
  body: string;
  delivered: boolean;
  attempts: { at: string; attempt: number; status: number | null; error?: string }[];
}

export const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

/** Sends what the project's subscription asks for, at least once, and keeps account of each attempt. */
export class Webhooks {
  subscription: Subscription | null = null;
  deliveries: Delivery[] = [];
  private held: Delivery | null = null;
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly project: Project) {}

  clear(): void {
    this.subscription = null;
    this.deliveries = [];
    this.held = null;
  }

  subscribe(url: string, secret: string, events: string[] = [EXPIRED_EVENT]): Subscription {
    const now = this.project.clock.now();
    this.subscription = { id: shortId('ws'), url, events, secret, oldSecret: null, createdAt: now, updatedAt: now };
    return this.subscription;
  }

  tellExpired(account: Account): void {
    const mode = this.project.settings.webhooks;
    if (!this.subscription?.events.includes(EXPIRED_EVENT) || mode === 'none') return;
    const delivery = this.prepare(account, this.subscription.url);
    if (mode === 'reordered' && !this.held) {
      this.held = delivery;
      return;
    }
    if (mode === 'late') this.project.clock.at(this.project.clock.now() + LATE_MS, () => this.attempt(delivery));
    else this.start(delivery);
    if (mode === 'duplicate') this.start(delivery);
    if (this.held) this.start(this.held);
    this.held = null;
  }

  redeliver(delivery: Delivery): Promise<void> {
    return this.attempt(delivery);
  }

  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private start(delivery: Delivery): void {
    const attempt = this.attempt(delivery).finally(() => this.underWay.delete(attempt));
    this.underWay.add(attempt);
  }

  private prepare(account: Account, url: string): Delivery {
    const mode = this.project.settings.webhooks;
    const type = mode === 'unknown-type' ? 'composio.connected_account.updated' : EXPIRED_EVENT;
    const id = shortId('msg');
    const event = {
      id,
      timestamp: new Date(this.project.clock.now()).toISOString(),
      type,
      ...(mode === 'no-metadata' ? {} : { metadata: { project_id: `pr_${this.project.name}`, org_id: 'ok_sandbox' } }),
      data: mode === 'short' ? { id: account.id } : eventData(account),
    };
    const delivery: Delivery = { id, type, account: account.id, url, body: JSON.stringify(event), delivered: false, attempts: [] };
    this.deliveries.push(delivery);
    return delivery;
  }

  private async attempt(delivery: Delivery): Promise<void> {
    const attempt = delivery.attempts.length + 1;
    const record: Delivery['attempts'][number] = { at: new Date(this.project.clock.now()).toISOString(), attempt, status: null };
    delivery.attempts.push(record);
    try {
      const answer = await fetch(delivery.url, {
        method: 'POST',
        headers: this.headers(delivery, attempt),
        body: delivery.body,
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await answer.arrayBuffer();
      record.status = answer.status;
      if (answer.ok) delivery.delivered = true;
    } catch (error) {
      record.error = String(error instanceof Error ? (error.cause ?? error) : error);
    }
    const { id, type, account, delivered } = delivery;
    this.project.happened('webhook', { id, type, account, delivered, ...record });
    const waitMs = RETRIES_AFTER_MS[attempt - 1];
    if (!delivery.delivered && waitMs !== undefined) {
      this.project.clock.at(this.project.clock.now() + waitMs, () => this.attempt(delivery));
    }
  }

  /** The secret is used as the text that it is, `whsec_` included. */
  private headers(delivery: Delivery, attempt: number): Record<string, string> {
    const mode = this.project.settings.webhooks;
    const secret = (mode === 'old-secret' ? this.subscription?.oldSecret : this.subscription?.secret) ?? 'none';
    // Real time even where the project's clock was moved: the receiver compares it with its own.
    const timestamp = String(Math.floor((Date.now() - (mode === 'stale' ? STALE_MS : 0)) / 1000));
    const signed = mode === 'bad-signature' ? `${delivery.body} ` : delivery.body;
    const signature = createHmac('sha256', secret).update(`${delivery.id}.${timestamp}.${signed}`).digest('base64');
    return {
      'content-type': 'application/json',
      'webhook-id': delivery.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
      'x-composio-webhook-version': 'V3',
      'x-composio-delivery-attempt': String(attempt),
    };
  }
}

const eventData = (account: Account): object => ({
  id: account.id,
  user_id: account.owner,
  toolkit: { slug: account.app },
  auth_config: { id: account.authConfigId, auth_scheme: 'OAUTH2', is_composio_managed: true, is_disabled: false },
  status: account.status,
  status_reason: account.statusReason,
  is_disabled: account.isDisabled,
  created_at: new Date(account.createdAt).toISOString(),
  updated_at: new Date(account.updatedAt).toISOString(),
  state: { authScheme: 'OAUTH2', val: {} },
  data: {},
  params: {},
});

/** Composio takes https only; a machine that talks to itself needs no certificate. */
export const isAcceptableTarget = (url: string): boolean =>
  URL.canParse(url) && (new URL(url).protocol === 'https:' || isLoopback(new URL(url).hostname));
