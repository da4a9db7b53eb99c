export type Shape = 'created' | 'renamed' | 'deleted' | 'blocked' | 'run' | 'signed' | 'poison';

/** One thing a client said: `unknown` means that nobody answered, so it may have happened or not. */
export interface Fact {
  readonly topic: string;
  readonly id: string;
  /** The run that it is about, or the address that it names. */
  readonly about: string;
  outcome: 'open' | 'acknowledged' | 'unknown';
  /** Milliseconds since 1970; of the acknowledgement. */
  at: number;
}

/** All that was said about one user. */
export interface Case {
  readonly user: string;
  readonly shape: Shape;
  readonly facts: Fact[];
}

/** What the clients did, told by them alone: what the checker compares with tables and topics. */
export class History {
  readonly cases: Case[] = [];

  open(user: string, shape: Shape): Case {
    const one: Case = { user, shape, facts: [] };
    this.cases.push(one);
    return one;
  }

  get acknowledged(): number {
    return this.facts.filter(({ outcome }) => outcome === 'acknowledged').length;
  }

  get unknown(): number {
    return this.facts.filter(({ outcome }) => outcome === 'unknown').length;
  }

  private get facts(): Fact[] {
    return this.cases.flatMap(({ facts }) => facts);
  }
}

export const isAcknowledged = ({ outcome }: Fact): boolean => outcome === 'acknowledged';

export function settle(facts: readonly Fact[], outcome: 'acknowledged' | 'unknown'): void {
  for (const fact of facts) {
    // What was acknowledged once stays so, whatever becomes of a copy.
    if (fact.outcome === 'acknowledged') continue;
    fact.outcome = outcome;
    fact.at = Date.now();
  }
}
