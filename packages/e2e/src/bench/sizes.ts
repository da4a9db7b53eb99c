/** How much is measured. Counts are events, rows or users; times are seconds. */
export interface Sizes {
  readonly rounds: number;
  /** Events that a side takes in before its time begins, and while it is measured. */
  readonly intake: { readonly warm: number; readonly events: number };
  /** The same for the stock sides, which are some fifty times slower: first in its default, then with 8 partitions at once. */
  readonly stock: { readonly warm: number; readonly events: number; readonly bestEvents: number };
  readonly relayRows: number;
  /** Windows of this many seconds at 500 a second. */
  readonly latencySeconds: number;
  readonly gateSeconds: number;
  readonly growth: readonly number[];
  readonly growthIntake: { readonly warm: number; readonly events: number };
  /** Events that wait when the service starts, and events of one key that is stuck. */
  readonly backlog: number;
  readonly stuck: number;
}

export const FULL: Sizes = {
  rounds: 5,
  intake: { warm: 100_000, events: 100_000 }, // V8 still compiles what costs most after 50,000 events
  stock: { warm: 200, events: 800, bestEvents: 2000 },
  relayRows: 200_000,
  latencySeconds: 2,
  gateSeconds: 2,
  growth: [10_000, 100_000, 1_000_000],
  growthIntake: { warm: 50_000, events: 50_000 },
  backlog: 1_000_000,
  stuck: 20_000,
};

export const QUICK: Sizes = {
  rounds: 2,
  intake: { warm: 4000, events: 12_000 },
  stock: { warm: 100, events: 300, bestEvents: 600 },
  relayRows: 20_000,
  latencySeconds: 1,
  gateSeconds: 1,
  growth: [1000, 10_000],
  growthIntake: { warm: 4000, events: 8000 },
  backlog: 50_000,
  stuck: 1000,
};
