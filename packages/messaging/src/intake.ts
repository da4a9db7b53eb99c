import { log } from '@gatehouse/runtime';
import { Injectable } from '@nestjs/common';
import { attempt } from './attempt.js';
import { BatchTransaction, type Committed } from './batch-transaction.js';
import { type Decoded, decode, type Failure } from './envelope.js';
import { classify, reasonOf } from './error-class.js';
import { PermanentError } from './errors.js';
import { FloodGuard } from './flood-guard.js';
import { Handlers } from './handlers.js';
import { counters } from './metrics.js';
import { ParkedKeys } from './parked-keys.js';
import { contiguousPrefix } from './prefix.js';
import type { RawMessage } from './raw-message.js';
import { CHUNK_RETRIES_MS } from './retry.js';
import { settle } from './settle.js';

const logger = log('intake');

/** Too many dead letters of one topic within a minute: more likely a bug of ours than bad events. */
export class FloodError extends Error {
  override readonly name = 'FloodError';
}

/** What became of a list of records. `prefix`: the offset up to which all are settled; `stopped`: why the rest was left for later. */
export interface IntakeResult extends Committed {
  readonly prefix: string | undefined;
  readonly stopped: Error | undefined;
}

/** One chunk on its way. */
interface Chunk {
  readonly messages: readonly RawMessage[];
  /** What became of each record, in their order; a repeat is the event that it repeats. Shorter when reading stopped. */
  readonly records: readonly Decoded[];
  /** Events without repeats, by key. */
  readonly items: readonly Decoded[];
  readonly stopped: Error | undefined;
}

/**
 * The whole way of records of one topic and partition into the database: checks, inbox, handler, dead letters, outbox, commit. Needs no
 * broker. Never throws: what cannot be handled now is `stopped`, and comes again.
 */
@Injectable()
export class Intake {
  constructor(
    private readonly handlers: Handlers,
    private readonly transaction: BatchTransaction,
    private readonly parked: ParkedKeys,
    private readonly flood: FloodGuard,
  ) {}

  async process(topic: string, messages: readonly RawMessage[]): Promise<IntakeResult> {
    const chunk = this.prepare(topic, messages);
    const total = { done: 0, repeated: 0, dead: 0, parked: 0 };
    let stopped: Error | undefined;
    const stop = (error: unknown) => {
      stopped ??= error instanceof Error ? error : new Error('stopped by an error that is no Error');
    };
    const left = await settle(chunk.items, {
      attempt: async (part, patient) => {
        const committed = (counts: Committed) => this.count(topic, total, counts);
        const result = await attempt({ transaction: this.transaction, topic, part, patient, committed });
        if (!result.ok && result.stop) stop(result.error);
        return result;
      },
      culprit: (item, error) => this.judge(topic, item, error, { stop, total }),
    }).catch((error: unknown) => {
      stop(error);
      return chunk.items;
    });
    return { ...total, prefix: prefixOf(chunk, left), stopped: stopped ?? chunk.stopped };
  }

  /** Decodes, leaves out repeats within the list, sorts by key: one lock order for all batches, so that they do not deadlock. */
  private prepare(topic: string, messages: readonly RawMessage[]): Chunk {
    const contract = this.handlers.get(topic)?.contract;
    const known = new Map<string, Decoded>();
    const records: Decoded[] = [];
    const items: Decoded[] = [];
    let room = this.flood.room(topic);
    let stopped: Error | undefined;
    for (const message of messages) {
      const item = decode(topic, message, contract);
      const earlier = known.get(item.eventId);
      if (earlier) {
        records.push(earlier);
        continue;
      }
      if (item.failure && room-- <= 0) {
        stopped = new FloodError(`too many dead letters of ${topic} within a minute`);
        break;
      }
      known.set(item.eventId, item);
      records.push(item);
      items.push(item);
    }
    return { messages, records, items: items.sort(byKey), stopped };
  }

  /** What becomes of the one event that fails: a dead letter among its neighbours, or a parked key. */
  private async judge(
    topic: string,
    item: Decoded,
    error: unknown,
    { stop, total }: { stop: (error: unknown) => void; total: Committed },
  ): Promise<'again' | 'drop' | 'stop'> {
    const kind = classify(error);
    if (item.failure) {
      stop(error); // not even its dead letter can be written: nobody's event is to blame for that
      return 'stop';
    }
    if (kind === 'transient') {
      try {
        await this.parked.park(topic, item, reasonOf(error));
      } catch (parking) {
        stop(parking);
        return 'stop';
      }
      this.count(topic, total, { done: 0, repeated: 0, dead: 0, parked: 1 });
      return 'drop';
    }
    if (this.flood.room(topic) === 0) {
      stop(new FloodError(`too many dead letters of ${topic} within a minute`));
      return 'stop';
    }
    item.failure = failureOf(error, kind === 'permanent' ? 1 : 1 + CHUNK_RETRIES_MS.length);
    logger.warn({ topic, eventId: item.eventId, code: item.failure.code, reason: item.failure.reason, err: error }, 'dead letter');
    return 'again';
  }

  private count(topic: string, total: Committed, counts: Committed): void {
    const sum = total as { -readonly [K in keyof Committed]: number };
    for (const outcome of ['done', 'repeated', 'dead', 'parked'] as const) {
      sum[outcome] += counts[outcome];
      if (counts[outcome] > 0) counters.events.inc({ topic, outcome }, counts[outcome]);
    }
    this.flood.note(topic, counts.dead);
  }
}

/** The failure to write down for an event whose handling threw. */
export function failureOf(error: unknown, attempts: number): Failure {
  const kind = classify(error);
  const code = error instanceof PermanentError ? error.code : kind === 'permanent' ? 'handler' : 'unclassified';
  return {
    code,
    class: kind === 'permanent' ? 'permanent' : kind === 'transient' ? 'transient' : 'unknown',
    reason: reasonOf(error),
    attempts,
  };
}

const byKey = (a: Decoded, b: Decoded): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

function prefixOf({ messages, records }: Chunk, left: readonly Decoded[]): string | undefined {
  const waiting = new Set(left);
  return contiguousPrefix(messages, (index) => index < records.length && !waiting.has(records[index] as Decoded));
}
