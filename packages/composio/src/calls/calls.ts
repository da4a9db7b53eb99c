import { setTimeout as pause } from 'node:timers/promises';
import { ComposioError, RateLimited, Unavailable } from '../errors.js';
import type { Call } from '../port.js';
import { type Answer, noTrust, type Question, said } from './answers.js';
import type { Budgets } from './budgets.js';

/** How one request is to be sent. `signal` fires at the deadline too, so that an answer whose body never ends is given up. */
export interface Sending {
  timeoutMs: number;
  signal: AbortSignal;
  headers: Record<string, string>;
}

/** A request without a complete answer. `sent: false` only where it surely never left. */
export class NoAnswer extends Error {
  constructor(readonly sent: boolean) {
    super(sent ? 'no answer' : 'not sent');
  }
}

/** One call of the port: its budget and its deadline, shared by every request that it takes. */
export interface Turn {
  call: Call;
  endsAt: number;
}

const READS_REPEATED = 2;
const FIRST_BACKOFF_MS = 250;

export class Calls {
  constructor(private readonly budgets: Budgets) {}

  turn(call: Call, fallbackMs: number): Turn {
    return { call, endsAt: Date.now() + (call.timeoutMs ?? fallbackMs) };
  }

  /** A read: repeated at most twice, with full jitter, inside the deadline. `work` sends with `once` and judges the answer itself. */
  async read<T>({ call, endsAt }: Turn, work: () => Promise<T>): Promise<T> {
    for (let repeated = 0; ; repeated += 1) {
      try {
        return await work();
      } catch (error) {
        if (repeated === READS_REPEATED || call.signal?.aborted || !(error instanceof RateLimited || error instanceof Unavailable))
          throw error;
        const wait = Math.random() * FIRST_BACKOFF_MS * 2 ** repeated + (error instanceof RateLimited ? error.retryAfterMs : 0);
        if (Date.now() + wait >= endsAt) throw error;
        await pause(wait, undefined, { signal: call.signal }).catch(() => {
          throw error;
        });
      }
    }
  }

  /** Exactly one request, or none. Throws for a 429 and where there is no complete answer; every other answer is the caller's to judge. */
  async once(
    turn: Turn,
    question: Question,
    send: (how: Sending) => Promise<Answer>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { call } = turn;
    const timeoutMs = turn.endsAt - Date.now();
    if (call.signal?.aborted || timeoutMs <= 0) throw new Unavailable('Given up before anything was sent');
    this.budgets.take(call.budget);
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    const answer = await send({ timeoutMs, signal, headers: { ...traceOf(call), ...headers } }).catch((error) => {
      if (error instanceof ComposioError) throw error;
      if (error instanceof NoAnswer && !error.sent) throw new Unavailable('Composio cannot be reached');
      throw noTrust(question, 'Composio gave no complete answer');
    });
    if (answer.status !== 429) {
      this.budgets.answered(answer.headers);
      return answer;
    }
    const waitMs = this.budgets.refused(answer.headers);
    const { message: _, envelope, ...what } = said(answer);
    const fromComposio = answer.headers.get('x-ratelimit') !== null || (envelope && what.composioCode !== 10429);
    throw new RateLimited(waitMs, fromComposio ? 'composio' : 'edge', what);
  }
}

function traceOf({ traceparent }: Call): Record<string, string> {
  return traceparent && /^[\da-f-]{55}$/.test(traceparent) ? { traceparent } : {};
}
