import { quietUntil } from './quiet.js';

const berlin = (from: string, to: string) => ({ from, to, timeZone: 'Europe/Berlin' });
const until = (hours: ReturnType<typeof berlin> | null, now: string) => quietUntil(hours, new Date(now))?.toISOString() ?? null;

describe('until when a user is not to be disturbed', () => {
  it.each([
    ['over midnight, in the evening', berlin('22:00', '07:00'), '2026-11-21T21:30:20Z', '2026-11-22T06:00:00.000Z'],
    ['over midnight, in the night', berlin('22:00', '07:00'), '2026-11-22T02:00:00Z', '2026-11-22T06:00:00.000Z'],
    ['within a day', berlin('12:00', '13:00'), '2026-11-21T11:00:00Z', '2026-11-21T12:00:00.000Z'],
    ['the night on which clocks go back', berlin('22:00', '07:00'), '2026-10-24T21:00:00Z', '2026-10-25T06:00:00.000Z'],
    ['the night on which they go forward', berlin('22:00', '07:00'), '2026-03-28T22:00:00Z', '2026-03-29T05:00:00.000Z'],
  ])('%s', (_, hours, now, end) => expect(until(hours, now)).toBe(end));

  it.each([
    ['at their end', berlin('22:00', '07:00'), '2026-11-22T06:00:00Z'],
    ['before they begin', berlin('22:00', '07:00'), '2026-11-21T20:59:59Z'],
    ['without any', null, '2026-11-22T02:00:00Z'],
  ])('not %s', (_, hours, now) => expect(until(hours, now)).toBeNull());
});
