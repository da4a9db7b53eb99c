import type { EventContract } from '@gatehouse/contracts';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Handlers } from './handlers.js';
import type { Messenger } from './messenger.js';
import { KAFKA_BATCH } from './on.js';

/**
 * Nest's side: collects the `@On` handlers with their pipes, guards and interceptors, and starts and stops the messenger. Stock ServerKafka
 * cannot do this: a failing handler would block its partition for good.
 */
export class KafkaBatchStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = KAFKA_BATCH;
  /** Errors reach the loop, which decides and logs. */
  override readonly propagatesEventHandlerErrors = true;

  constructor(
    private readonly handlers: Handlers,
    private readonly messenger: Messenger,
  ) {
    super();
  }

  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false, extras: Record<string, unknown> = {}): void {
    const contract = extras.contract as EventContract | undefined;
    if (!isEventHandler || !contract) throw new Error(`${String(pattern)}: consumers are written with @On(contract)`);
    super.addHandler(pattern, callback, isEventHandler, extras);
    this.handlers.add({
      contract,
      handle: async (events, batch) => {
        const result: unknown = await callback(events, batch);
        // An empty stream is success.
        if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      },
    });
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.messenger.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  close(): Promise<void> {
    return this.messenger.stop();
  }

  on(): never {
    throw new Error('this strategy has no events of its own');
  }

  unwrap<T>(): T {
    throw new Error('the Kafka client stays inside the messaging package');
  }
}
