import { createHmac } from 'node:crypto';
import { WebhookRejected } from './errors.js';
import { verifyWebhook } from './webhook.js';

const SECRET = 'whsec_c2VjcmV0IHdpdGggYmFzZTY0';
const now = new Date('2026-02-06T12:00:00.000Z');
const seconds = Math.floor(now.getTime() / 1000);
const expired = {
  id: 'evt_847c',
  type: 'composio.connected_account.expired',
  data: { id: 'ca_1', status: 'EXPIRED', status_reason: 'gone' },
};

interface Delivery {
  body?: string;
  timestamp?: string;
  key?: string | Buffer;
  headers?: Record<string, string | undefined>;
}

function deliver({ body = JSON.stringify(expired), timestamp = String(seconds), key = SECRET, headers = {} }: Delivery = {}) {
  const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.${body}`).digest('base64');
  return {
    rawBody: Buffer.from(body),
    headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}`, ...headers },
    secrets: [SECRET],
    now,
  };
}

describe('a webhook', () => {
  it('of Composio is read, with the secret taken as the text it is', () => {
    const event = verifyWebhook(deliver({ headers: { 'x-composio-delivery-attempt': '3' } }));
    expect(event).toEqual({ kind: 'account-expired', accountId: 'ca_1', statusReason: 'gone', eventId: 'msg_1', attempt: 3, sentAt: now });
  });

  it('matches a signature that was not made by this code', () => {
    // printf '%s' 'msg_p.1770379200.{"type":"x"}' | openssl dgst -sha256 -hmac 'whsec_test' -binary | base64
    const headers = {
      'webhook-id': 'msg_p',
      'webhook-timestamp': '1770379200',
      'webhook-signature': 'v1,07qG0O+kgPXg/qprb59jxWhyZk9wZJQsJ1ZoEUxr9cs=',
    };
    const event = verifyWebhook({
      rawBody: Buffer.from('{"type":"x"}'),
      headers,
      secrets: ['whsec_test'],
      now: new Date(1_770_379_200_000),
    });
    expect(event).toMatchObject({ kind: 'other', type: 'x', eventId: 'msg_p', attempt: 1 });
  });

  it('of an unknown type is genuine and nothing more; one without metadata or reason is read too', () => {
    expect(verifyWebhook(deliver({ body: '{"type":"composio.connected_account.updated"}' }))).toMatchObject({ kind: 'other' });
    const body = JSON.stringify({ type: expired.type, data: { id: 'ca_2' } });
    expect(verifyWebhook(deliver({ body }))).toMatchObject({ kind: 'account-expired', accountId: 'ca_2', statusReason: null });
  });

  it('may be signed with either secret of a rotation, among several signatures', () => {
    const old = deliver({ key: 'old-secret' });
    const both = { ...old, headers: { ...old.headers, 'webhook-signature': `v1,AAAA v2,x ${old.headers['webhook-signature']}` } };
    expect(verifyWebhook({ ...both, secrets: [SECRET, 'old-secret'] })).toMatchObject({ eventId: 'msg_1' });
  });

  it.each<[string, Delivery, string]>([
    ['another secret', { key: 'whsec_other' }, 'signature'],
    ['the decoded secret', { key: Buffer.from(SECRET.slice(6), 'base64') }, 'signature'],
    ['no signature', { headers: { 'webhook-signature': undefined } }, 'header'],
    ['no id', { headers: { 'webhook-id': undefined } }, 'header'],
    ['another id', { headers: { 'webhook-id': 'msg_2' } }, 'signature'],
    ['another timestamp', { headers: { 'webhook-timestamp': String(seconds + 1) } }, 'signature'],
    ['an old timestamp', { timestamp: String(seconds - 301) }, 'timestamp'],
    ['a timestamp to come', { timestamp: String(seconds + 301) }, 'timestamp'],
    ['milliseconds', { timestamp: String(now.getTime()) }, 'timestamp'],
    ['a word for a timestamp', { timestamp: 'soon' }, 'timestamp'],
    ['a body that is not JSON', { body: '{"type":' }, 'body'],
    ['an account that is none', { body: JSON.stringify({ type: expired.type, data: { id: '../x' } }) }, 'body'],
  ])('with %s is rejected', (_, delivery, reason) => {
    expect(() => verifyWebhook(deliver(delivery))).toThrow(expect.objectContaining({ name: 'WebhookRejected', reason }));
  });

  it('whose body was changed on the way is rejected, and so is everything when no secret is set', () => {
    const good = deliver();
    expect(() => verifyWebhook({ ...good, rawBody: Buffer.concat([good.rawBody, Buffer.from(' ')]) })).toThrow(WebhookRejected);
    expect(() => verifyWebhook({ ...deliver({ key: '' }), secrets: [''] })).toThrow(WebhookRejected);
    expect(() => verifyWebhook({ ...good, secrets: [] })).toThrow(WebhookRejected);
  });

  it('cannot be replayed by turning the tolerance off', () => {
    expect(() => verifyWebhook({ ...deliver({ timestamp: String(seconds - 301) }), toleranceMs: 0 })).toThrow(WebhookRejected);
  });
});
