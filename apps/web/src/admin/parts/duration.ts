const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const;

/** A time in the largest unit of which it has at least two, so that no more than a few digits are read. */
export function durationOf(seconds: number): { unit: (typeof UNITS)[number]['unit']; value: number } {
  const [fitting = { unit: 'second', seconds: 1 } as const] = UNITS.filter((one) => seconds >= 2 * one.seconds);
  return { unit: fitting.unit, value: seconds / fitting.seconds };
}
