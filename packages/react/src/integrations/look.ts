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
export const accent = 'var(--gatehouse-accent, var(--mantine-primary-color-filled))';
