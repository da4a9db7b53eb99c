import type { QuietHours } from '@gatehouse/contracts';

const DAY = 24 * 60; // minutes
const MINUTE_MS = 60_000;

/** When the quiet hours of this moment end; null outside of them. On the two nights of the year on which clocks change, too. */
export function quietUntil(hours: QuietHours | null, now: Date): Date | null {
  if (!hours) return null;
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const clock = minutesAt(now, hours.timeZone);
  if ((clock - from + DAY) % DAY >= (to - from + DAY) % DAY) return null;
  const end = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS + ((to - clock + DAY) % DAY) * MINUTE_MS);
  // The clock may have been put forward or back in between.
  const off = ((to - minutesAt(end, hours.timeZone) + DAY * 1.5) % DAY) - DAY / 2;
  return new Date(end.getTime() + off * MINUTE_MS);
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

function minutesAt(at: Date, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  return minutesOf(shown);
}
