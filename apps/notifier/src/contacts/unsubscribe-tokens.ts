import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { notificationKind, userId } from '@gatehouse/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { config } from '../config.js';
import type { Unsubscription } from './unsubscribe.js';

const payload = z.tuple([userId, z.array(notificationKind).min(1)]);

/** The links of e-mails: whose, and of which kinds, signed. They stay good: a mail is found again after years. All replicas read each other's. */
@Injectable()
export class UnsubscribeTokens {
  private readonly key: Buffer;

  constructor() {
    const { INTERNAL_KEY } = config;
    if (!INTERNAL_KEY) throw new Error('notifier has no internal key to sign the links of its e-mails with');
    this.key = Buffer.from(hkdfSync('sha256', Buffer.from(INTERNAL_KEY.d, 'base64url'), '', 'gatehouse unsubscribe', 32));
  }

  make({ userId: id, kinds }: Unsubscription): string {
    const text = Buffer.from(JSON.stringify([id, [...new Set(kinds)].sort()])).toString('base64url');
    return `${text}.${this.tag(text).toString('base64url')}`;
  }

  /** Undefined for any that is not ours, or was changed. */
  read(token: string): Unsubscription | undefined {
    const [text = '', tag = ''] = token.split('.');
    const given = Buffer.from(tag, 'base64url');
    const right = this.tag(text);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const [id, kinds] = payload.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { userId: id, kinds };
  }

  private tag(text: string): Buffer {
    return createHmac('sha256', this.key).update(text).digest();
  }
}
