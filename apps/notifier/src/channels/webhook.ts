import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Webhook as Signer } from 'standardwebhooks';
import { Agent, fetch } from 'undici';
import type { Letter } from '../deliveries/send-deliveries.js';
import { say } from '../words/wording.js';

const TIMEOUT_MS = 5000;

// Two lists: in one, the net of IPv4 addresses mapped into IPv6 would also cover every IPv4 address.
const forbidden = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  forbidden.ipv4.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  forbidden.ipv6.addSubnet(net, bits, 'ipv6');

/** Whether a user's webhook may go to this address: only to the public internet. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  return !forbidden[kind].check(address, kind);
}

/** Why an address given by a user is not taken, or null. What its name resolves to is checked at every connection, not here: it may change. */
export function refusalOf(url: string): string | null {
  const { protocol, port, username, password, hostname } = new URL(url);
  if (protocol !== 'https:' || (port && port !== '443')) return 'A webhook goes to https on port 443.';
  if (username || password) return 'A webhook address has no user or password in it.';
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (hostname === 'localhost' || (isIP(literal) && !isPublic(literal))) return 'A webhook goes to a public address.';
  return null;
}

/** The receiver answered, and not with 2xx. */
export class WebhookRefused extends Error {
  constructor(readonly status: number) {
    super(`the webhook was answered ${status}`);
  }
}

export interface Post {
  url: string;
  secret: string;
  /** The same for a repetition, so that the receiver can tell. */
  id: string;
  type: string;
  at: Date;
  data: object;
}

@Injectable()
export class Webhook implements OnApplicationShutdown {
  /** The check sits in the look-up of the connection itself, so a name that changes between two look-ups gains nothing. */
  private readonly agent = new Agent({
    connect: {
      timeout: TIMEOUT_MS,
      lookup: (hostname, options, callback) => {
        lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
          if (error) return callback(error, '', 4);
          if (!addresses.length || !addresses.every(({ address }) => isPublic(address)))
            return callback(new Error('not a public address'), '', 4);
          if (options.all) return (callback as unknown as (e: null, list: LookupAddress[]) => void)(null, addresses);
          callback(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 4);
        });
      },
    },
  });

  async send(letter: Letter): Promise<void> {
    const { webhookUrl: url, webhookSecret: secret, notificationId: id, kind, link, createdAt, language } = letter;
    if (!url || !secret) return;
    await this.post({ url, secret, id, type: kind, at: new Date(createdAt), data: { notificationId: id, ...say(letter, language), link } });
  }

  /** Signed after Standard Webhooks. Any answer but 2xx throws WebhookRefused; an address that is not public, or no answer, throws, too. */
  async post({ url, secret, id, type, at, data }: Post): Promise<void> {
    const refusal = refusalOf(url);
    if (refusal) throw new Error(refusal);
    const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
    const now = new Date();
    const response = await fetch(url, {
      method: 'POST',
      body,
      dispatcher: this.agent,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Signer(secret).sign(id, now, body),
      },
    });
    // Whatever it says stays unread: a user's server does not get to fill our memory.
    await response.body?.cancel();
    if (!response.ok) throw new WebhookRefused(response.status);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}
