import fc from 'fast-check';
import { CrashWatch } from './crash-watch.js';
import { FloodGuard } from './flood-guard.js';
import { backoffMs, parkDelayMs } from './retry.js';

describe('the limits that keep trouble small', () => {
  it('let fifty dead letters of a topic through in any minute, whatever other topics do', () => {
    let now = 0;
    const guard = new FloodGuard(50, () => now);
    guard.note('a', 49);
    guard.note('b', 80);
    expect([guard.room('a'), guard.room('b'), guard.room('c')]).toEqual([1, 0, 50]);
    now = 59_999;
    expect(guard.room('a')).toBe(1);
    now = 60_001;
    expect([guard.room('a'), guard.room('b')]).toEqual([50, 50]);
  });

  it('end the process at a crash for good, or at the third within five minutes', () => {
    let now = 0;
    const watch = new CrashWatch(() => now);
    expect(watch.crashed(true)).toBe('wait');
    now = 200_000;
    expect(watch.crashed(true)).toBe('wait');
    now = 301_000; // the first is forgotten
    expect(watch.crashed(true)).toBe('wait');
    now = 302_000;
    expect(watch.crashed(true)).toBe('exit');
    expect(new CrashWatch().crashed(false)).toBe('exit');
  });

  it('wait longer each time, never longer than the cap', () => {
    expect([1, 2, 3, 9, 10, 12].map(parkDelayMs)).toEqual([1000, 2000, 4000, 256_000, 300_000, 300_000]);
    fc.assert(
      fc.property(fc.nat(200), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const wait = backoffMs(attempt, 500, 30_000, () => random);
        expect(wait).toBeLessThanOrEqual(30_000);
        expect(wait).toBeGreaterThanOrEqual(375);
      }),
    );
  });
});
