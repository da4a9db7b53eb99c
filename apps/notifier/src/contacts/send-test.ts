import { randomUUID } from 'node:crypto';
import type { MessageLanguage, TestChannel, TestResult } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { Problem } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Email } from '../channels/email.js';
import { Webhook, WebhookRefused } from '../channels/webhook.js';
import { languageOf, wordsIn } from '../words/wording.js';
import { Contact } from './contact.entity.js';
import { lockPreference } from './lock-preference.js';
import { Preference } from './preference.entity.js';

const PAUSE_SECONDS = 20;

interface Addresses {
  email: string | null;
  webhook: { url: string; secret: string } | null;
  language: MessageLanguage;
}
interface Wish {
  userId: string;
  channels: TestChannel[];
}

@Injectable()
export class SendTest {
  constructor(
    private readonly em: EntityManager,
    private readonly email: Email,
    private readonly webhook: Webhook,
  ) {}

  /** Now, whatever the hour, and once: a test that is repeated by itself would say nothing. */
  async execute({ userId, channels }: Wish): Promise<TestResult[]> {
    const addresses = await this.reserve(userId);
    const results = await Promise.all([...new Set(channels)].map((channel) => this.send(channel, addresses)));
    if (results.some(({ channel, outcome }) => channel === 'webhook' && outcome === 'sent')) await this.trustAgain(userId);
    return results;
  }

  /** One in 20 seconds: else it would be a way to write to an address as often as one likes. */
  @Transactional()
  async reserve(userId: string): Promise<Addresses> {
    const row = await lockPreference(this.em, userId);
    const wait = Math.ceil(((row.testedAt?.getTime() ?? 0) - Date.now()) / 1000) + PAUSE_SECONDS;
    if (wait > 0) throw new Problem(429, 'too_many_requests', 'Wait a moment before the next test.', { retryAfterSeconds: wait });
    row.testedAt = new Date();
    const contact = await this.em.findOne(Contact, { userId });
    const { webhookUrl: url, webhookSecret: secret } = row;
    return {
      email: contact?.email ?? null,
      webhook: url && secret ? { url, secret } : null,
      language: languageOf(row.language ?? contact?.locale),
    };
  }

  /** A webhook that had failed too often is tried again from now on. */
  @Transactional()
  async trustAgain(userId: string): Promise<void> {
    await this.em.nativeUpdate(Preference, { userId }, { webhookFailures: 0 });
  }

  private async send(channel: TestChannel, { email, webhook, language }: Addresses): Promise<TestResult> {
    const result = (outcome: TestResult['outcome'], status: number | null = null) => ({ channel, outcome, status });
    const { test: title, testText: text } = wordsIn(language);
    try {
      if (channel === 'email') {
        if (!email) return result('no_address');
        await this.email.sendTest(email, language);
      } else {
        if (!webhook) return result('no_address');
        await this.webhook.post({ ...webhook, id: randomUUID(), type: 'test', at: new Date(), data: { title, text } });
      }
      return result('sent');
    } catch (error) {
      if (error instanceof WebhookRefused) return result('refused', error.status);
      // A mail server that answered with a refusal says so by a number; its text may repeat the address.
      return result(
        channel === 'email' && typeof (error as { responseCode?: unknown }).responseCode === 'number' ? 'refused' : 'unreachable',
      );
    }
  }
}
