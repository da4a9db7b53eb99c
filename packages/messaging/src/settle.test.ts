import fc from 'fast-check';
import { type Attempt, settle } from './settle.js';

/** Items in a row; bad ones fail whatever they stand in, until they are marked. */
function run(items: readonly number[], bad: ReadonlySet<number>, next: 'again' | 'drop' | 'stop') {
  const done: number[] = [];
  const blamed: number[] = [];
  let attempts = 0;
  const result = settle(items, {
    attempt: async (part): Promise<Attempt<number>> => {
      attempts++;
      if (part.some((item) => bad.has(item) && !blamed.includes(item))) return { ok: false, stop: false, error: new Error('bad') };
      done.push(...part);
      return { ok: true };
    },
    culprit: async (item) => {
      blamed.push(item);
      return next;
    },
  });
  return result.then((left) => ({ done, blamed, attempts, left }));
}

const lists = fc
  .integer({ min: 1, max: 300 })
  .chain((length) => fc.tuple(fc.constant(Array.from({ length }, (_, i) => i)), fc.uniqueArray(fc.nat(length - 1), { maxLength: 8 })));

describe('when some of a list cannot be settled', () => {
  it('settles all the others once, in order, and blames exactly those', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async ([items, bad]) => {
        const { done, blamed, left } = await run(items, new Set(bad), 'drop');
        expect(done).toEqual(items.filter((item) => !bad.includes(item)));
        expect(blamed).toEqual([...bad].sort((a, b) => a - b));
        expect(left).toEqual([]);
      }),
    );
  });

  it('keeps a marked one in its place', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async ([items, bad]) => {
        expect((await run(items, new Set(bad), 'again')).done).toEqual(items);
      }),
    );
  });

  it('needs about two attempts for each halving', async () => {
    const items = Array.from({ length: 500 }, (_, i) => i);
    for (const bad of [0, 1, 250, 333, 499]) expect((await run(items, new Set([bad]), 'drop')).attempts).toBeLessThanOrEqual(2 * 9 + 2);
  });

  it('leaves what comes behind a stop, in order', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async ([items, bad]) => {
        const { done, left } = await run(items, new Set(bad), 'stop');
        expect([...done, ...left]).toEqual(items);
        if (bad.length > 0) expect(left[0]).toBe(Math.min(...bad));
      }),
    );
  });

  it('asks nobody when an attempt knows the culprit', async () => {
    const tried: number[] = [];
    let known = false;
    const left = await settle([1, 2, 3, 4], {
      attempt: async (part) => {
        tried.push(part.length);
        return known ? { ok: true } : { ok: false, stop: false, error: new Error('bad'), culprit: 3 };
      },
      culprit: async (item) => {
        known = item === 3;
        return 'drop';
      },
    });
    expect([left, tried]).toEqual([[], [4, 3]]);
  });
});
