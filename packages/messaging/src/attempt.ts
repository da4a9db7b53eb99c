import { setTimeout as sleep } from 'node:timers/promises';
import { RejectedEvent } from './batch-context.js';
import type { Around, BatchTransaction, Committed, Mode } from './batch-transaction.js';
import type { Decoded } from './envelope.js';
import { classify, isInboxRepeat, isUniqueViolation } from './error-class.js';
import { SomeKeyIsParked } from './inbox.js';
import { CHUNK_RETRIES_MS } from './retry.js';
import type { Attempt } from './settle.js';

interface Trial {
  readonly transaction: BatchTransaction;
  readonly topic: string;
  readonly part: readonly Decoded[];
  readonly patient: boolean;
  readonly around?: Around;
  readonly committed: (counts: Committed) => void;
}

/**
 * Runs one list of events as one transaction, and says what to do when it fails. A repeat found by the inbox, or a parked key, is no
 * failure: the list runs again, with care. Passing errors get two more tries after 50 and 200 ms if `patient`, a unique key of the app one.
 */
export async function attempt({ transaction, topic, part, patient, around, committed }: Trial): Promise<Attempt<Decoded>> {
  let mode: Mode = around ? 'careful' : 'plain';
  let tries = 0;
  let raced = false;
  for (;;) {
    try {
      committed(await transaction.run(topic, part, mode, around));
      return { ok: true };
    } catch (error) {
      if (mode === 'plain' && (error instanceof SomeKeyIsParked || isInboxRepeat(error))) {
        mode = 'careful';
        continue;
      }
      const kind = classify(error);
      if (kind === 'infrastructure') return { ok: false, stop: true, error };
      const wait = kind === 'permanent' || !patient ? undefined : CHUNK_RETRIES_MS[tries++];
      if (wait !== undefined) {
        await sleep(wait);
        continue;
      }
      if (!raced && isUniqueViolation(error)) {
        raced = true;
        continue;
      }
      const culprit = culpritOf(error, part);
      return { ok: false, stop: false, error, ...(culprit && { culprit }) };
    }
  }
}

function culpritOf(error: unknown, part: readonly Decoded[]): Decoded | undefined {
  if (!(error instanceof RejectedEvent)) return undefined;
  return part.find(({ eventId, failure }) => !failure && eventId === error.eventId);
}
