import fc from 'fast-check';
import { History, stepKinds } from './history.js';
import { type Fact, oneByOne, regrouped } from './regrouped.js';

const step = fc.record({ kind: fc.constantFrom(...stepKinds), user: fc.nat(2), nth: fc.constantFrom(0 as const, 1 as const) });
const steps = fc.array(step, { maxLength: 30 });

describe('events handed over in another way', () => {
  it('are the same events; those of one topic and user keep their order', () => {
    fc.assert(
      fc.property(steps, fc.integer(), (given, seed) => {
        const { facts } = new History(given);
        const groups = regrouped(facts, seed);
        for (const { contract, facts: group } of groups) expect(group.every((fact) => fact.contract === contract)).toBe(true);
        expect(lanes(groups.flatMap((group) => group.facts))).toEqual(lanes(facts));
      }),
    );
  });

  it('come in groups, and mixed', () => {
    const all = stepKinds
      .flatMap((kind) => [0, 1, 2].map((user) => ({ kind, user, nth: 0 as const })))
      .filter(({ kind }) => kind !== 'delete');
    const { facts } = new History(all);
    const ways = [1, 2, 3, 4, 5].map((seed) => regrouped(facts, seed));
    expect(new Set(ways.map((way) => JSON.stringify(way.map(({ facts: group }) => group.length)))).size).toBe(5);
    for (const way of ways) expect(way.length).toBeLessThan(facts.length);
    expect(ways.some((way) => JSON.stringify(topics(way.flatMap((group) => group.facts))) !== JSON.stringify(topics(facts)))).toBe(true);
    expect(oneByOne(facts)).toHaveLength(facts.length);
  });

  it('are of the contracts, and alike in two histories of the same steps but for their ids', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const [one, other] = [new History(given), new History(given)];
        for (const { contract, data } of one.facts) expect(contract.strict.safeParse(data).error?.issues).toBeUndefined();
        const story = (history: History) =>
          history.named(history.facts.map(({ contract, data }) => [contract.type, data.userId, data.connectionId, data.accountId]));
        expect(story(one)).toEqual(story(other));
        expect(one.users).not.toEqual(other.users);
      }),
    );
  });
});

const topics = (facts: readonly Fact[]) => facts.map(({ contract }) => contract.type);

function lanes(facts: readonly Fact[]): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = {};
  for (const { contract, data } of facts) {
    const lane = `${contract.type} ${data.userId}`;
    found[lane] = [...(found[lane] ?? []), data];
  }
  return found;
}
