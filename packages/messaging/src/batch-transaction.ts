import { asSystem, asUsers } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { BatchContext } from './batch-context.js';
import { type Dead, writeDeadLetters } from './dead-letters.js';
import type { Decoded } from './envelope.js';
import type { AnyEvent } from './event.js';
import { Handlers } from './handlers.js';
import { markAllHandled, markHandled, parkedKeys, queueBehindParked } from './inbox.js';
import { MESSAGING_CONFIG, type MessagingConfig } from './messaging-env.js';
import { withTraces } from './outbox-buffer.js';

export interface Committed {
  readonly done: number;
  readonly repeated: number;
  readonly dead: number;
  readonly parked: number;
}

/** `plain` is for the usual case and fails where `careful` goes on: at a repeat or a parked key. */
export type Mode = 'plain' | 'careful';

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

  async run(topic: string, items: readonly Decoded[], mode: Mode, around?: Around): Promise<Committed> {
    const users = items.filter(isEvent).map(({ key }) => key);
    const steps = () => (mode === 'plain' ? this.plain(topic, items) : this.careful(topic, items, users, around));
    const work = () => this.em.transactional(steps);
    // A list of nothing but dead letters names no user.
    return users.length > 0 ? asUsers(this.em, users, work) : asSystem(this.em, work);
  }

  private async plain(topic: string, items: readonly Decoded[]): Promise<Committed> {
    await markAllHandled(this.em, topic, items);
    return { ...(await this.finish(topic, items)), repeated: 0, parked: 0 };
  }

  private async careful(topic: string, items: readonly Decoded[], users: readonly string[], around?: Around): Promise<Committed> {
    const { em } = this;
    await around?.before?.(em);
    // A caller with statements of its own is the unparker, which holds its key already.
    const parked = around || users.length === 0 ? new Set<string>() : await parkedKeys(em, topic, users);
    const waits = (item: Decoded) => isEvent(item) && parked.has(item.key);
    const waiting = items.filter(waits);
    const going = items.filter((item) => !waits(item));
    await queueBehindParked(em, topic, waiting);
    const fresh = going.filter(await markHandled(em, going, around?.replayed));
    const finished = await this.finish(topic, fresh);
    await around?.after?.(em);
    return { ...finished, repeated: going.length - fresh.length, parked: waiting.length };
  }

  private async finish(topic: string, fresh: readonly Decoded[]): Promise<Pick<Committed, 'done' | 'dead'>> {
    const done = await this.handle(topic, fresh);
    const dead = fresh.filter((item): item is Dead => item.failure !== undefined);
    await writeDeadLetters(this.em, this.config.app, topic, dead);
    return { done, dead: dead.length };
  }

  private async handle(topic: string, fresh: readonly Decoded[]): Promise<number> {
    const events = fresh.filter(isEvent).map(({ event }) => event);
    const handler = this.handlers.get(topic);
    if (events.length === 0 || !handler) return 0;
    await withTraces(events, () => handler.handle(events, new BatchContext(topic, this.config.app)));
    return events.length;
  }
}

const isEvent = (item: Decoded): item is Decoded & { event: AnyEvent } => item.event !== undefined && !item.failure;
