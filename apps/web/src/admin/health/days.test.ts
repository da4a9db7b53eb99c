import { lastDays, trendOf } from './days.js';

const now = Date.parse('2026-11-21T01:00:00Z');
const breaks = [
  { day: '2026-11-08', count: 2 },
  { day: '2026-11-14', count: 3 },
  { day: '2026-11-15', count: 5 },
  { day: '2026-11-21', count: 7 },
  { day: '2026-11-21', count: 1 },
];

describe('breaks by day', () => {
  it('have a number for each day up to today, also for those without any', () => {
    expect(lastDays(breaks, { now, days: 3 })).toEqual([
      { day: '2026-11-19', count: 0 },
      { day: '2026-11-20', count: 0 },
      { day: '2026-11-21', count: 8 },
    ]);
    expect(lastDays([], { now, days: 30 })).toHaveLength(30);
  });

  it('are compared by week: the last seven days with the seven before', () => {
    expect(trendOf(breaks, now)).toEqual({ now: 13, before: 5 });
  });
});
