import type { CSSProperties } from 'react';

/** The variables by which a host changes the look; without them it is Mantine's. */
export const card: CSSProperties = {
  borderRadius: 'var(--gatehouse-radius, 8px)',
  borderColor: 'var(--gatehouse-border, var(--mantine-color-default-border))',
  background: 'var(--gatehouse-card, var(--mantine-color-body))',
};
export const root = {
  color: 'var(--gatehouse-text, inherit)',
  fontFamily: 'var(--gatehouse-font, inherit)',
} satisfies CSSProperties;
/** For the one main button of a card or dialog. */
export const lead = {
  bg: 'var(--gatehouse-accent, var(--mantine-primary-color-filled))',
  c: 'var(--gatehouse-accent-text, var(--mantine-color-white))',
} as const;
/** The colour of what is said aside, and of links and lesser buttons. */
export const quiet = 'var(--gatehouse-quiet, var(--mantine-color-dimmed))';
export const linkColour = 'var(--gatehouse-link, var(--mantine-color-anchor))';
/** The element of a dialog's title is a `header`, which outside of `main` would be the page's second banner. */
export const dialog = { attributes: { header: { role: 'presentation' } } };
