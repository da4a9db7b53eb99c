import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { accountId } from './entity-id.js';
import { WebhookRejected } from './errors.js';
import type { VerifyWebhook, WebhookEvent } from './port.js';

const FIVE_MINUTES = 300_000;

/** Only `type` is needed, and `data.id` of the one type we act on; the samples of Composio's own guide lack the rest. */
const payload = z.object({ type: z.string().min(1).max(200), data: z.unknown().optional() });
const expired = z.object({ id: z.string().regex(/^[\w-]{1,200}$/), status_reason: z.string().nullish() });

/**
 * Checks that a webhook was sent by Composio and parses it. `rawBody` is the bytes as received: parsing first changes them. Headers:
 * `webhook-id`, `webhook-timestamp` (seconds since 1970), `webhook-signature` (`v1,<base64>`, several separated by spaces). `toleranceMs`
 * is 300,000, both ways, and cannot be turned off. Any of `secrets` may have signed (two during a rotation). Throws `WebhookRejected`.
 * The secret is used as the text it is, `whsec_` included: Standard Webhooks libraries decode it and refuse good deliveries.
 */
export const verifyWebhook: VerifyWebhook = ({ rawBody, headers, secrets, now, toleranceMs }) => {
  const id = header(headers, 'webhook-id');
  const timestamp = header(headers, 'webhook-timestamp');
  const signatures = header(headers, 'webhook-signature');
  if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookRejected('timestamp');

  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), rawBody]);
  if (!signedByAny(signed, signatures, secrets)) throw new WebhookRejected('signature');

  const sentAt = new Date(Number(timestamp) * 1000);
  const tolerance = toleranceMs && toleranceMs > 0 ? toleranceMs : FIVE_MINUTES;
  if (Math.abs(now.getTime() - sentAt.getTime()) > tolerance) throw new WebhookRejected('timestamp');

  const attempt = Number.parseInt(headers['x-composio-delivery-attempt'] ?? '1', 10) || 1;
  return { eventId: id, attempt, sentAt, ...parse(rawBody) };
};

function header(headers: Record<string, string | undefined>, name: string): string {
  const value = headers[name];
  if (!value || value.length > 4096) throw new WebhookRejected('header');
  return value;
}

function signedByAny(signed: Buffer, signatures: string, secrets: readonly string[]): boolean {
  const given = signatures.split(' ').flatMap((part) => (part.startsWith('v1,') ? [Buffer.from(part.slice(3), 'base64')] : []));
  let good = false; // every pair is compared, so that the time taken says nothing about which one fitted
  for (const secret of secrets) {
    if (secret === '') continue; // an unset secret must not become one that everybody knows
    const expected = createHmac('sha256', secret).update(signed).digest();
    for (const signature of given) {
      if (signature.length === expected.length && timingSafeEqual(signature, expected)) good = true;
    }
  }
  return good;
}

function parse(
  rawBody: Buffer,
): ({ kind: 'account-expired' } & Pick<Expired, 'accountId' | 'statusReason'>) | { kind: 'other'; type: string } {
  const body = payload.safeParse(json(rawBody));
  if (!body.success) throw new WebhookRejected('body');
  const { type, data } = body.data;
  if (type !== 'composio.connected_account.expired') return { kind: 'other', type };
  const account = expired.safeParse(data);
  if (!account.success) throw new WebhookRejected('body');
  return { kind: 'account-expired', accountId: accountId(account.data.id), statusReason: account.data.status_reason ?? null };
}

type Expired = Extract<WebhookEvent, { kind: 'account-expired' }>;

function json(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch {
    return undefined;
  }
}
