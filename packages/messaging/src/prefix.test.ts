import fc from 'fast-check';
import { contiguousPrefix } from './prefix.js';

describe('the offset to commit', () => {
  it('has nothing unsettled below it, and the first unsettled right behind it', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 50 }), (settled) => {
        const offsets = settled.map((_, i) => String(100 + 2 * i)); // compacted topics have gaps
        const prefix = contiguousPrefix(
          offsets.map((offset) => ({ offset })),
          (i) => settled[i] === true,
        );
        const hole = settled.indexOf(false);
        expect(prefix).toBe(hole === -1 ? offsets.at(-1) : offsets[hole - 1]);
      }),
    );
  });
});
