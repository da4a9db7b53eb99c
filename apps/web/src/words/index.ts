import type { en } from './en/index.js';

/** The id of a message. Ids are always written out in the code, never put together, so that the test finds missing and unused ones. */
export type WordId = keyof typeof en;
export type Words = Record<WordId, string>;

/** `en-XA` is for tests: English made 40 % longer and written from right to left. */
export const LANGUAGES = ['en', 'de', 'en-XA'] as const;
export type Language = (typeof LANGUAGES)[number];
const CHOSEN = 'gatehouse.language';

/** What the person chose here, else the first of the browser's languages that we speak. */
export function language(): Language {
  const wanted = [stored(), ...navigator.languages.map((tag) => tag.split('-')[0])];
  return wanted.find((one): one is Language => LANGUAGES.includes(one as Language)) ?? 'en';
}

/** Takes effect on the next load of the page. */
export function choose(chosen: Language): void {
  try {
    localStorage.setItem(CHOSEN, chosen);
  } catch {
    // without storage the browser's language stays
  }
}

export async function load(wanted: Language): Promise<Words> {
  if (wanted === 'de') return (await import('./de/index.js')).de;
  const { en } = await import('./en/index.js');
  if (wanted === 'en') return en;
  const { pseudo } = await import('./pseudo.js');
  return Object.fromEntries(Object.entries(en).map(([id, text]) => [id, pseudo(text)])) as Words;
}

export const directionOf = (one: Language): 'ltr' | 'rtl' => (one === 'en-XA' ? 'rtl' : 'ltr');

function stored(): string | null {
  try {
    return localStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}
