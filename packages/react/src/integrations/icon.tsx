const PATHS = {
  ring: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M8 5v3h3',
  tick: 'M3 8.5l3.5 3.5L13 4.5',
  bang: 'M8 2.5v7M8 13v.4',
  pause: 'M5.5 3v10M10.5 3v10',
  cross: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  shield: 'M8 1.8l5 2v4c0 3.2-2 5.4-5 6.6-3-1.2-5-3.4-5-6.6v-4zM8 5v4',
  question: 'M5.5 5.8a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 13v.3',
  dots: 'M3 8h.1M8 8h.1M13 8h.1',
} as const;
export type IconName = keyof typeof PATHS;

/** Drawn, not written: a font need not have the sign. Words beside it say the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true" style={{ verticalAlign: '-0.1em' }}>
      <path d={PATHS[name]} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
