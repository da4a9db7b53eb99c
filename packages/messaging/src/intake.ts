import { Injectable } from '@nestjs/common';
import type { RawMessage } from './raw-message.js';

/** What became of a list of records. `prefix`: the offset up to which all are settled; `stopped`: why the rest was left for later. */
export interface IntakeResult {
  readonly prefix: string | undefined;
  readonly stopped: Error | undefined;
  readonly done: number;
  readonly repeated: number;
  readonly dead: number;
  readonly parked: number;
}
@Injectable()
export class Intake {
  async process(topic: string, messages: readonly RawMessage[]): Promise<IntakeResult> {
    throw new Error(`not yet: ${topic} ${messages.length}`);
  }
}
