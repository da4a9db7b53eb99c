import fc from 'fast-check';
import { cut } from './cut.js';

const records = fc.array(fc.nat(3000).map((size) => ({ key: null, value: Buffer.alloc(size) })));

describe('cutting a fetch into chunks', () => {
  it('loses nothing, keeps the order, and keeps to both limits unless one record alone is over', () => {
    fc.assert(
      fc.property(records, (list) => {
        const chunks = [...cut(list, 7, 4000)];
        expect(chunks.flat()).toEqual(list);
        for (const chunk of chunks) {
          expect(chunk.length).toBeGreaterThan(0);
          expect(chunk.length).toBeLessThanOrEqual(7);
          if (chunk.length > 1) expect(chunk.reduce((sum, { value }) => sum + value.length, 0)).toBeLessThanOrEqual(4000);
        }
      }),
    );
  });
});
