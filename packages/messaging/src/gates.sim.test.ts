import { jest } from '@jest/globals';
import fc from 'fast-check';
import { FloodGuard } from './flood-guard.js';
import { Gate } from './gates.js';

describe('under any sequence of troubles', () => {
  it('a gate opens within 30 seconds of the end of the trouble, and asks less and less often until then', async () => {
    jest.useFakeTimers();
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 120_000 }), { minLength: 1, maxLength: 6 }), async (troubles) => {
          let over = 0;
          let asked = 0;
          let opened = 0;
          const probe = () => {
            asked++;
            return Date.now() < over ? Promise.reject(new Error('down')) : Promise.resolve();
          };
          const gate = new Gate('database', probe, () => opened++);
          for (const [i, trouble] of troubles.entries()) {
            over = Date.now() + trouble;
            asked = 0;
            gate.close(new Error('down'));
            gate.close(new Error('down again')); // others find out, too
            await jest.advanceTimersByTimeAsync(trouble + 30_001);
            expect([gate.closed, opened]).toEqual([undefined, i + 1]);
            expect(asked).toBeLessThanOrEqual(7 + Math.ceil(trouble / 22_500));
            gate.worked();
          }
        }),
        { numRuns: 300 },
      );
    } finally {
      jest.useRealTimers();
    }
  });

  it('never more than the limit of dead letters fall into any minute', () => {
    const steps = fc.array(fc.record({ wait: fc.nat(40_000), wish: fc.nat(80) }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (list) => {
        let now = 0;
        const guard = new FloodGuard(50, () => now);
        const written: number[] = [];
        for (const { wait, wish } of list) {
          now += wait;
          const count = Math.min(wish, guard.room('t'));
          guard.note('t', count);
          for (let i = 0; i < count; i++) written.push(now);
          expect(written.filter((time) => time > now - 60_000).length).toBeLessThanOrEqual(50);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
