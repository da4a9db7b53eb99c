import { randomUUID } from 'node:crypto';
import { log } from '@gatehouse/runtime';
import { Injectable } from '@nestjs/common';
import { attempt } from './attempt.js';
import { BatchTransaction } from './batch-transaction.js';
import { type Decoded, decode } from './envelope.js';
import { classify, reasonOf } from './error-class.js';
import { Handlers } from './handlers.js';
import { failureOf } from './intake.js';
import { counters } from './metrics.js';
import { LeaseLost, type ParkedKey, ParkedKeys } from './parked-keys.js';
import { PARK_ATTEMPTS } from './retry.js';
import { settle } from './settle.js';

const logger = log('unparker');
const KEYS_AT_ONCE = 10;

/** Tries the events of parked keys again, in order, as the loop itself would; the head of a key becomes a dead letter after 12 attempts. */
@Injectable()
export class Unparker {
  private readonly owner = randomUUID();

  constructor(
    private readonly parked: ParkedKeys,
    private readonly transaction: BatchTransaction,
    private readonly handlers: Handlers,
  ) {}

  /** One round over the keys that are due. Throws when the database cannot be asked. */
  async round(): Promise<void> {
    for (const key of await this.parked.claim(this.owner, KEYS_AT_ONCE)) {
      try {
        await this.retry(key);
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error;
      }
    }
  }

  private async retry(key: ParkedKey): Promise<void> {
    for (;;) {
      const { messages, replayed } = await this.parked.events(key);
      if (messages.length === 0) {
        if (await this.parked.release(key)) return;
        continue;
      }
      const contract = this.handlers.get(key.topic)?.contract;
      const items = messages.map((message) => decode(key.topic, message, contract));
      const { left, error } = await this.handle(key, items, replayed);
      if (left.length === 0) continue;
      const sameHead = left.length === items.length;
      await this.parked.postpone(key, sameHead ? key.attempts + 1 : 1, reasonOf(error));
      return;
    }
  }

  private async handle(
    key: ParkedKey,
    items: readonly Decoded[],
    replayed: ReadonlySet<string>,
  ): Promise<{ left: readonly Decoded[]; error: unknown }> {
    let failed: unknown;
    const left = await settle(items, {
      attempt: async (part, patient) => {
        const around = {
          replayed,
          before: (em: Parameters<ParkedKeys['hold']>[0]) => this.parked.hold(em, key),
          after: (em: Parameters<ParkedKeys['hold']>[0]) => this.parked.takeOut(em, part),
        };
        const result = await attempt({
          transaction: this.transaction,
          topic: key.topic,
          part,
          patient,
          around,
          committed: ({ done, dead }) => this.count(key.topic, done, dead),
        });
        if (!result.ok) failed = result.error;
        if (!result.ok && result.error instanceof LeaseLost) throw result.error;
        return result;
      },
      culprit: async (item, error) => {
        if (item.failure) return 'stop';
        // The head has had its chances; what comes behind it has not, but stands at the front from now on.
        if (classify(error) === 'transient' && (item !== items[0] || key.attempts < PARK_ATTEMPTS)) return 'stop';
        item.failure = failureOf(error, key.attempts + 1);
        logger.warn({ topic: key.topic, eventId: item.eventId, code: item.failure.code, reason: item.failure.reason }, 'dead letter');
        return 'again';
      },
    });
    return { left, error: failed };
  }

  private count(topic: string, done: number, dead: number): void {
    if (done > 0) counters.events.inc({ topic, outcome: 'done' }, done);
    if (dead > 0) counters.events.inc({ topic, outcome: 'dead' }, dead);
  }
}
