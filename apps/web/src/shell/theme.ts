import { type CSSVariablesResolver, createTheme } from '@mantine/core';
import type { Language } from '../words/index.js';

/** Targets of 44 pixels for buttons and fields; no motion for those who asked for none. */
export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  headings: { fontFamily: 'inherit', fontWeight: '650' },
  primaryShade: 8, // white on the seventh is fainter than 4.5 : 1
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: {
      defaultProps: { size: 'md' },
      // Words in other languages are longer than a phone is wide: they take a second line.
      styles: (_: unknown, { size }: { size?: unknown }) =>
        size === undefined || size === 'md'
          ? {
              root: { height: 'auto', minHeight: 44, maxWidth: '100%', paddingBlock: 6 },
              inner: { minHeight: 30 }, // where the button is a link, nothing else puts the words in its middle
              label: { whiteSpace: 'normal', height: 'auto', lineHeight: 1.4 },
            }
          : {},
    },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    // Its element is a `header`, which outside of `main` would be the page's second banner.
    ModalHeader: { defaultProps: { role: 'presentation' } },
  },
});

/** Mantine's quiet greys and reds are fainter than 4.5 : 1 on their grounds. */
export const contrast: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': colors.gray[7],
    '--mantine-color-error': colors.red[9],
    '--mantine-color-anchor': colors.blue[9],
  },
  dark: {
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-placeholder': colors.dark[1],
    '--mantine-color-error': colors.red[4],
    '--mantine-color-anchor': colors.blue[4],
  },
});

/** The gateway allows the style elements that carry this value, and no other inline style. */
export function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
// Of the libraries that write style elements by themselves, this is where they look.
Object.assign(globalThis, { __webpack_nonce__: nonce() });

/** The browser's own kind of the language, for dates and numbers: `en-GB` says 18 Nov where `en` says Nov 18. */
export function localeOf(language: Language): string {
  const spoken = language === 'en-XA' ? 'en' : language;
  return navigator.languages.find((tag) => tag.split('-')[0] === spoken) ?? spoken;
}
