import { asSystem, asUsers } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { BatchContext } from './batch-context.js';
import { type Dead, writeDeadLetters } from './dead-letters.js';
import type { Decoded } from './envelope.js';
import { Handlers } from './handlers.js';
import { markHandled, parkedKeys, queueBehindParked } from './inbox.js';
import { MESSAGING_CONFIG, type MessagingConfig } from './messaging-env.js';
import { withTraces } from './outbox-buffer.js';

export interface Committed {
  readonly done: number;
  readonly repeated: number;
  readonly dead: number;
  readonly parked: number;
}

/** Statements of a caller's own in the same transaction: before the events are handled, and after. */
export interface Around {
  /** Ids of dead events that an operator has given another chance. */
  readonly replayed?: ReadonlySet<string>;
  before?(em: EntityManager): Promise<void>;
  after?(em: EntityManager): Promise<void>;
}

/**
 * One transaction: who is parked → inbox → handler → dead letters → outbox → commit. All or nothing, in the session of the batch's users.
 * Throws what went wrong, with everything rolled back.
 */
@Injectable()
export class BatchTransaction {
  constructor(
    private readonly em: EntityManager,
    private readonly handlers: Handlers,
    @Inject(MESSAGING_CONFIG) private readonly config: MessagingConfig,
  ) {}

  async run(topic: string, items: readonly Decoded[], mode: 'plain' | 'skipping', around?: Around): Promise<Committed> {
    const users = [...new Set(items.flatMap(({ event, failure }) => (event && !failure ? [event.data.userId] : [])))];
    const work = () => this.em.transactional(() => this.steps(topic, items, users, { mode, ...(around && { around }) }));
    // A list of nothing but dead letters names no user.
    return users.length > 0 ? asUsers(this.em, users, work) : asSystem(this.em, work);
  }

  private async steps(
    topic: string,
    items: readonly Decoded[],
    users: readonly string[],
    { mode, around }: { mode: 'plain' | 'skipping'; around?: Around },
  ): Promise<Committed> {
    const { em } = this;
    await around?.before?.(em);
    // A caller with statements of its own is the unparker, which holds its key already.
    const parked = around || users.length === 0 ? new Set<string>() : await parkedKeys(em, topic, users);
    const waits = ({ event, failure }: Decoded) => !failure && event !== undefined && parked.has(event.data.userId);
    const waiting = parked.size > 0 ? items.filter(waits) : [];
    const going = parked.size > 0 ? items.filter((item) => !waits(item)) : items;
    await queueBehindParked(em, topic, waiting);
    const isFresh = await markHandled(em, going, mode, around?.replayed);
    const fresh = going.filter(isFresh);
    const handled = await this.handle(topic, fresh);
    const dead = fresh.filter((item): item is Dead => item.failure !== undefined);
    await writeDeadLetters(em, this.config.app, topic, dead);
    await around?.after?.(em);
    return { done: handled, repeated: going.length - fresh.length, dead: dead.length, parked: waiting.length };
  }

  private async handle(topic: string, fresh: readonly Decoded[]): Promise<number> {
    const events = fresh.flatMap(({ event, failure }) => (event && !failure ? [event] : []));
    const handler = this.handlers.get(topic);
    if (events.length === 0 || !handler) return 0;
    const traces = new Map(events.flatMap(({ data, traceparent }) => (traceparent ? [[data.userId, traceparent] as const] : [])));
    await withTraces(traces, () => handler.handle(events, new BatchContext(topic, this.config.app)));
    return events.length;
  }
}
