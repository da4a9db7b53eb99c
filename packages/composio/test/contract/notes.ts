import { ComposioError, NotFound, RateLimited } from '../../src/errors.js';
import type { ComposioPort, EntityId } from '../../src/port.js';

/** What a suite has met: every kind of refusal, and for whom each tool call was made. */
export class Notes {
  readonly met = new Set<string>();
  readonly callers = new Map<string, EntityId>();

  /** The same port; what passes through it is noted. */
  of(port: ComposioPort): ComposioPort {
    return new Proxy(port, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          if (name === 'executeTool') this.call(args[0] as Parameters<ComposioPort['executeTool']>[0]);
          try {
            return this.outcome((await Reflect.apply(value, target, args)) as unknown);
          } catch (error) {
            this.met.add(nameOf(error));
            throw error;
          }
        };
      },
    });
  }

  private call({ callId, owner }: { callId: string; owner: EntityId }): void {
    this.callers.set(callId, owner);
  }

  private outcome(answer: unknown): unknown {
    const { ok, cause } = (answer ?? {}) as { ok?: boolean; cause?: string };
    if (ok === false) this.met.add(`outcome: ${cause}`);
    return answer;
  }
}

function nameOf(error: unknown): string {
  if (error instanceof NotFound) return `NotFound: ${error.what}`;
  if (error instanceof RateLimited) return `RateLimited: ${error.origin}`;
  return error instanceof ComposioError ? error.name : `not ours: ${String(error)}`;
}

/** The table of errors: each is provoked at least once with each driver. (A webhook's rejection has a test of its own.) */
export const EVERY_REFUSAL = [
  'ConnectSessionGone',
  'CredentialsRefused',
  'IdentityMismatch',
  'InvalidRequest',
  'Misconfigured',
  'NotFound: account',
  'NotFound: authConfig',
  'NotFound: tool',
  'OutcomeUnknown',
  'OwnerMismatch',
  'OwnerUnproven',
  'RateLimited: composio',
  'RateLimited: edge',
  'RateLimited: ours',
  'Unavailable',
  'outcome: credentials',
  'outcome: provider-limit',
  'outcome: tool',
];
