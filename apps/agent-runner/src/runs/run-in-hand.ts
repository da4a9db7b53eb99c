import type { Agent } from '../agent/agents.js';
import type { Lease } from '../queue/lease.js';
import type { Toolset } from '../tools/toolset.js';

/** A run while a worker has it: whose it is, what it may use, and the signal that ends the work. */
export interface RunInHand extends Lease {
  readonly agent: Agent;
  readonly toolset: Toolset;
  readonly input: string;
  readonly history: readonly { input: string; output: string }[];
  /** Sentences about optional apps that are not there. */
  readonly missing: readonly string[];
  readonly signal: AbortSignal;
  /** Calls that have left: the run is not let go before each of them is written down. */
  readonly inFlight: Set<Promise<unknown>>;
  /** Something about it was written down and committed: those who watch it are told. */
  readonly changed: () => void;
}
