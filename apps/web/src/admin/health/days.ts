import type { ConnectionHealth } from '@gatehouse/contracts';

type Breaks = ConnectionHealth['apps'][number]['breaks'];
const DAY_MS = 86_400_000;
const WEEK = 7;

/** The breaks of the last days up to today (UTC), also of days without any: a gap in a chart would look like a fault of the chart. */
export function lastDays(breaks: Breaks, { now, days }: { now: number; days: number }): Breaks {
  const counts = new Map<string, number>();
  for (const { day, count } of breaks) counts.set(day, (counts.get(day) ?? 0) + count);
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(now - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return { day, count: counts.get(day) ?? 0 };
  });
}

/** Of the last seven days and of the seven before. */
export function trendOf(breaks: Breaks, now: number): { now: number; before: number } {
  const days = lastDays(breaks, { now, days: 2 * WEEK });
  const sum = (some: Breaks) => some.reduce((total, { count }) => total + count, 0);
  return { now: sum(days.slice(WEEK)), before: sum(days.slice(0, WEEK)) };
}
