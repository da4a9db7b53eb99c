import type { EventContract, EventOf } from '@gatehouse/contracts';
import { type ArgumentsHost, applyDecorators, Catch, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import type { BatchContext } from './batch-context.js';

/** Marks handlers of this transport, so that no other microservice of the process picks them up. */
export const KAFKA_BATCH = Symbol('gatehouse-kafka-batch');

/** Nest's default filter turns every error into "Internal server error"; the loop needs the error itself to decide what becomes of the event. */
@Catch()
export class RethrowFilter implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Subscribes a method of a `@Controller()` (a provider's would never be found) to an event. The method gets 1 to 1000 events of that
 * one type, in key order, duplicates taken out, inside the open transaction of these users: what it writes commits with the inbox. It
 * must give the same result however its events are grouped, and does no network call, no mail, no sleep. A second parameter gets the
 * `BatchContext`. What it throws decides: a `PermanentError`, a `TypeError` and their like make a dead letter, a `TransientError` parks
 * the key, a database that is down pauses consumption.
 */
export function On<C extends EventContract>(contract: C) {
  return <H extends (events: EventOf<C>[], batch: BatchContext) => Promise<unknown> | Observable<unknown>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    // Nest passes only what is marked as soon as one parameter is.
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    applyDecorators(EventPattern<string>(contract.type, KAFKA_BATCH, { contract }), UseFilters(new RethrowFilter()))(
      target,
      key,
      descriptor,
    );
  };
}
