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

/** The messages come in parts, so that nobody waits for the words of pages that they do not open. */
const PARTS = {
  en: {
    first: async () => (await import('./en/first.js')).first,
    pages: async () => (await import('./en/pages.js')).pages,
    operators: async () => (await import('./en/operators.js')).operators,
  },
  de: {
    first: async () => (await import('./de/first.js')).first,
    pages: async () => (await import('./de/pages.js')).pages,
    operators: async () => (await import('./de/operators.js')).operators,
  },
};
type Part = keyof typeof PARTS.en;

/** What can be said so far. It only grows, before a page that needs more is shown. */
export const words: Partial<Words> = {};

export async function load(part: Part): Promise<void> {
  const wanted = language();
  if (wanted !== 'en-XA') Object.assign(words, await PARTS[wanted][part]());
  else {
    const [messages, { pseudo }] = await Promise.all([PARTS.en[part](), import('./pseudo.js')]);
    for (const [id, text] of Object.entries(messages)) words[id as WordId] = pseudo(text);
  }
}

/** A page that is loaded when it is opened, with its words. */
export async function withWords<Page>(part: Part, page: Promise<Page>): Promise<Page> {
  const [loaded] = await Promise.all([page, load(part)]);
  return loaded;
}

export const directionOf = (one: Language): 'ltr' | 'rtl' => (one === 'en-XA' ? 'rtl' : 'ltr');

function stored(): string | null {
  try {
    return localStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}
