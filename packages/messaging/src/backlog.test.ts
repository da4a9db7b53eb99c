import fc from 'fast-check';
import { Backlog } from './backlog.js';

describe('how far a group is behind', () => {
  let now = 0;
  const look = (backlog: Backlog, at: number, ...ends: [position: number, end: number][]) => {
    now = at;
    return backlog.note(ends.map(([position, end], partition) => ({ topic: 't', partition, position, end }))).get('t');
  };

  it('is the sum of the unread events, and the age of the oldest, over the partitions of a topic', () => {
    const backlog = new Backlog(() => now);
    expect(look(backlog, 0, [5, 5], [7, 10])).toEqual({ events: 3, ageMs: 0 });
    expect(look(backlog, 1000, [5, 9], [7, 10])).toEqual({ events: 7, ageMs: 1000 });
    expect(look(backlog, 2000, [5, 9], [10, 10])).toEqual({ events: 4, ageMs: 1000 });
    expect(look(backlog, 3000, [9, 9], [10, 10])).toEqual({ events: 0, ageMs: 0 });
  });

  it('counts from when an event was seen, not from when the backlog began', () => {
    const backlog = new Backlog(() => now);
    look(backlog, 0, [0, 10]);
    look(backlog, 1000, [0, 20]);
    expect(look(backlog, 2000, [10, 30])).toEqual({ events: 20, ageMs: 1000 });
  });

  it('keeps nothing of a partition or topic that is no longer read, nor of one that was made anew', () => {
    const backlog = new Backlog(() => now);
    look(backlog, 0, [0, 10], [0, 10]);
    expect(look(backlog, 5000, [0, 3])).toEqual({ events: 3, ageMs: 0 });
    expect(backlog.note([]).size).toBe(0);
    expect(look(backlog, 9000, [0, 3])).toEqual({ events: 3, ageMs: 0 });
  });

  it('is never said to be older than it is, however long it lasts, and takes little room', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(12)), { minLength: 300, maxLength: 320 }), (steps) => {
        const backlog = new Backlog(() => now);
        const seenAt: number[] = [];
        let position = 0;
        for (const [nth, [come, read]] of steps.entries()) {
          for (let n = 0; n < come; n++) seenAt.push(nth);
          position = Math.min(seenAt.length, position + (nth % 100 < 70 ? 0 : read));
          const lag = look(backlog, nth, [position, seenAt.length]);
          const oldest = seenAt[position];
          expect(lag?.events).toBe(seenAt.length - position);
          expect(lag?.ageMs).toBeLessThanOrEqual(oldest === undefined ? 0 : nth - oldest);
          expect((backlog as unknown as { marks: Map<string, unknown[]> }).marks.get('t/0')?.length ?? 0).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 30 },
    );
  });
});
