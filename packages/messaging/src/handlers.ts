import type { EventContract } from '@gatehouse/contracts';
import { Injectable } from '@nestjs/common';
import type { BatchContext } from './batch-context.js';
import type { AnyEvent } from './event.js';

export type Handle = (events: AnyEvent[], batch: BatchContext) => Promise<void>;
export interface Handler {
  readonly contract: EventContract;
  readonly handle: Handle;
}

/** Who handles which topic: filled by Nest when the strategy is connected, read by whatever takes events in. */
@Injectable()
export class Handlers {
  private readonly byTopic = new Map<string, Handler>();

  add(handler: Handler): void {
    const { type } = handler.contract;
    // Nest would run both at once, inside one transaction.
    if (this.byTopic.has(type)) throw new Error(`two handlers for ${type}: an event has one handler an app`);
    this.byTopic.set(type, handler);
  }

  get(topic: string): Handler | undefined {
    return this.byTopic.get(topic);
  }

  get topics(): string[] {
    return [...this.byTopic.keys()];
  }
}
