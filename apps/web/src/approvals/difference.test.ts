import fc from 'fast-check';
import { difference } from './difference.js';

describe('the difference of two texts', () => {
  it('is what is between their common ends, in whole words', () => {
    expect(difference('Dear all, on Friday at 10. Best', 'Dear all, on Monday at 9. Best')).toEqual({
      before: 'Dear all, on ',
      removed: 'Friday at 10.',
      added: 'Monday at 9.',
      after: ' Best',
    });
  });

  it('holds both texts whole, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n', 'word', '<b>')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (one, other) => {
        const { before, removed, added, after } = difference(one, other);
        expect([before + removed + after, before + added + after]).toEqual([one, other]);
      }),
    );
  });
});
