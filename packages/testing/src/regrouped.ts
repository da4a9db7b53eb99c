import type { EventContract } from '@gatehouse/contracts';

/** An event, before it is delivered: what happened, and when. */
export interface Fact {
  readonly contract: EventContract;
  readonly data: { readonly userId: string } & Record<string, unknown>;
  readonly at: Date;
}

/** Facts of one topic that are delivered together. */
export interface Group {
  readonly contract: EventContract;
  readonly facts: readonly Fact[];
}

/**
 * Another way in which Kafka may hand the same events over: facts of one topic and user keep their order, everything else is mixed and
 * grouped anew, the same for the same seed. A consumer's tables must come out the same: "any grouping, [a,b] = [a] then [b]".
 */
export function regrouped(facts: readonly Fact[], seed: number): Group[] {
  const random = generator(seed);
  const lanes = new Map<string, Fact[]>();
  for (const fact of facts) {
    const lane = `${fact.contract.type} ${fact.data.userId}`;
    lanes.set(lane, [...(lanes.get(lane) ?? []), fact]);
  }
  const groups: { contract: EventContract; facts: Fact[] }[] = [];
  while (lanes.size > 0) {
    const last = groups.at(-1);
    const same = [...lanes].filter(([lane]) => last && lane.startsWith(`${last.contract.type} `));
    const from = same.length > 0 && random() < 0.7 ? same : [...lanes]; // else groups of several were rare
    const [lane = '', waiting = []] = from[Math.floor(random() * from.length)] ?? [];
    const fact = waiting.shift();
    if (waiting.length === 0) lanes.delete(lane);
    if (!fact) continue;
    if (last?.contract === fact.contract && random() < 0.7) last.facts.push(fact);
    else groups.push({ contract: fact.contract, facts: [fact] });
  }
  return groups;
}

/** One fact after another, as they happened. */
export const oneByOne = (facts: readonly Fact[]): Group[] => facts.map((fact) => ({ contract: fact.contract, facts: [fact] }));

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
