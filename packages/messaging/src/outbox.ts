import type { EventContract, EventData } from '@gatehouse/contracts';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';

@Injectable()
export class Outbox {
  /** `addAll` of one. */
  add<T extends EventData>(contract: EventContract<T>, data: z.input<T>, options?: { id?: string }): void {
    throw new Error(`not yet: ${contract.type} ${typeof data} ${options?.id}`);
  }
  addAll<T extends EventData>(contract: EventContract<T>, list: readonly z.input<T>[]): void {
    throw new Error(`not yet: ${contract.type} ${list.length}`);
  }
}
