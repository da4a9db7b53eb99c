import type { EventContract, EventData } from '@gatehouse/contracts';
import { currentTraceparent } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import type { z } from 'zod';
import { PermanentError } from './errors.js';
import { newEventId } from './event-id.js';
import { buffer, causingTraces, type OutboxRow } from './outbox-buffer.js';

/** Bytes of an event's JSON at the most: the broker takes 1 MiB with headers, and a use case should fail rather than the relay. */
export const MAX_BODY_BYTES = 900_000;

/** What an app tells: events that leave if, and only if, the open transaction commits. */
@Injectable()
export class Outbox {
  constructor(private readonly em: EntityManager) {}

  /** `addAll` of one. `id`, a UUID, is for an event whose identity is known beforehand; else one is made. */
  add<T extends EventData>(contract: EventContract<T>, data: z.input<T>, { id }: { id?: string } = {}): void {
    this.addAll(contract, [data], id === undefined ? {} : { ids: [id] });
  }

  /**
   * Adds these events to the open transaction; they are written as its last statement and sent after it committed. Throws outside of a
   * transaction, and `PermanentError` for data that does not fit the contract (unknown fields included) or is over 900 kB as JSON.
   * Events of one user keep their order if the transaction has locked what it decides on.
   */
  addAll<T extends EventData>(contract: EventContract<T>, list: readonly z.input<T>[], { ids }: { ids?: readonly string[] } = {}): void {
    const transaction = this.em.getTransactionContext() as object | undefined;
    if (!transaction) throw new Error(`outbox: ${contract.type} was added outside of a transaction`);
    const topic = contract.type;
    const ownTrace = currentTraceparent();
    const traceOf = causingTraces();
    const rows = list.map((data, index): OutboxRow => {
      const given = ids?.[index];
      if (given !== undefined && !isUuid(given)) throw new PermanentError(`outbox: the id given to ${topic} is no UUID`, 'outbox');
      const { userId, body } = strictly(contract, data);
      return { topic, key: userId, eventId: given ?? newEventId(), trace: traceOf(userId) ?? ownTrace, extra: undefined, body };
    });
    buffer(transaction, rows);
  }
}

function strictly<T extends EventData>(contract: EventContract<T>, data: z.input<T>): { userId: string; body: string } {
  const result = (contract.strict as EventData).safeParse(data);
  if (!result.success) {
    const issues = result.error.issues.slice(0, 5).map(({ path, code }) => `${path.join('.') || 'data'}: ${code}`);
    throw new PermanentError(`outbox: ${contract.type} does not fit its contract (${issues.join(', ')})`, 'outbox');
  }
  const body = JSON.stringify(result.data);
  if (Buffer.byteLength(body) > MAX_BODY_BYTES)
    throw new PermanentError(`outbox: ${contract.type} is over ${MAX_BODY_BYTES} bytes`, 'outbox');
  return { userId: result.data.userId as string, body };
}
