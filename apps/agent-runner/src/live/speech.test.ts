import fc from 'fast-check';
import { Speech } from './speech.js';

describe('what is said', () => {
  it('reaches every listener whole, in pieces that join, whenever each of them asks', () => {
    const words = fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 1500 }), fc.boolean(), fc.boolean()), { maxLength: 20 });
    fc.assert(
      fc.property(words, (said) => {
        const speech = new Speech('run', 'user', 1);
        const heard = { early: '', late: '' };
        const listen = (who: 'early' | 'late') => {
          for (const { at, text } of speech.take(who)) {
            expect(at).toBe(heard[who].length);
            expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThan(7_000);
            heard[who] += text;
          }
        };
        for (const [text, early, late] of said) {
          speech.add(text);
          if (early) listen('early');
          if (late) listen('late');
        }
        listen('early');
        listen('late');
        const all = said.map(([text]) => text).join('');
        expect(heard).toEqual({ early: all, late: all });
      }),
      { numRuns: 300 },
    );
  });

  it('is not sent with half a character', () => {
    const speech = new Speech('run', 'user', 1);
    speech.add(`${'x'.repeat(999)}\ud83d`);
    expect(speech.take('a').map(({ text }) => text)).toEqual(['x'.repeat(999)]);
    speech.add('\ude00');
    expect(speech.take('a')).toEqual([{ turn: 1, at: 999, text: '😀' }]);
  });

  it('begins again at 0 for who asks for it anew', () => {
    const speech = new Speech('run', 'user', 2);
    speech.add('one ');
    speech.take('a');
    speech.anew('a');
    speech.add('two');
    expect(speech.take('a')).toEqual([{ turn: 2, at: 0, text: 'one two' }]);
  });
});
