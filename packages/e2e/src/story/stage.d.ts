import type { Issuer } from '../issuer.js';
import { type Answer, Person } from '../person.js';
import type { Provider } from '../provider.js';
import type { Upstream } from '../upstream.js';
import type { Watcher } from '../watcher.js';
export interface Stage {
  gateway: string;
  upstream: Upstream;
  watcher: Watcher;
  issuer: Issuer;
  provider: Provider;
  ana: Person;
  ben: Person;
  /** Says a line of the story. */
  tell(line: string): void;
}
export interface Run {
  id: string;
  state: string;
  waitingFor: {
    kind: string;
    blockers: {
      message: string;
    }[];
    approvalId: string | null;
  } | null;
  output: string | null;
  error: {
    code: string;
    message: string;
  } | null;
}
/** A user of the product's: its own sign-in vouches for them. */
export declare const productUser: (gateway: string, issuer: Issuer, id: string, name: string) => Person;
export declare function expectStatus<T>(answer: Answer<T>, status: number, what: string): T;
export declare function runIn(person: Person, id: string, state: string, kind?: string): Promise<Run>;
/** The whole way of connecting, as a person goes it: link, consent at the provider, back, and the account is theirs. Returns the connection's id. */
export declare function connect({ provider }: Stage, person: Person, path: string, body?: unknown): Promise<string>;
/** The one approval that waits, approved by its person. */
export declare function approve(person: Person, runId: string): Promise<void>;
