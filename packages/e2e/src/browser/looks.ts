import type { VisitorOptions } from './visitor.js';

/** Both themes in both languages. */
export const LOOKS: readonly VisitorOptions[] = (['light', 'dark'] as const).flatMap((theme) =>
  (['en', 'de'] as const).map((language) => ({ theme, language })),
);
