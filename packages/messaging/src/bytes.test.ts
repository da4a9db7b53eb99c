import fc from 'fast-check';
import { restoreHeaders, storeHeaders } from './bytes.js';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const headers = fc.dictionary(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((name) => !name.includes('\0') && name.isWellFormed()),
  fc.oneof(bytes, fc.array(bytes, { minLength: 1, maxLength: 3 })),
);

describe('foreign headers', () => {
  it('come back byte by byte after a stay in the database, whatever their names and bytes', () => {
    fc.assert(
      fc.property(headers, (given) => {
        const stored = JSON.stringify(storeHeaders(given));
        expect(stored).not.toContain('\\u0000'); // jsonb cannot hold it
        const back = restoreHeaders(JSON.parse(stored));
        expect(Object.keys(back).sort()).toEqual(Object.keys(given).sort());
        for (const [name, value] of Object.entries(given)) expect([back[name]].flat()).toEqual([value].flat());
      }),
    );
  });
});
