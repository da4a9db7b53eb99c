import { BaseRpcContext } from '@nestjs/microservices';
import { PermanentError } from './errors.js';

/** What `batch.reject` makes: it names the culprit, so that nobody has to search for it by halving the batch. */
export class RejectedEvent extends PermanentError {
  override readonly name = 'RejectedEvent';
  constructor(
    readonly eventId: string,
    reason: string,
  ) {
    super(reason);
  }
}

/** A handler's second parameter. */
export class BatchContext extends BaseRpcContext<[string, string]> {
  constructor(topic: string, consumer: string) {
    super([topic, consumer]);
  }

  get topic(): string {
    return this.getArgByIndex(0);
  }

  get consumer(): string {
    return this.getArgByIndex(1);
  }

  /**
   * `throw batch.reject(event, reason)`: this one event becomes a dead letter with that reason, the batch is rolled back and runs again
   * without it. Put no content of the event into `reason`.
   */
  reject(event: { readonly id: string }, reason: string): Error {
    return new RejectedEvent(event.id, reason);
  }
}
