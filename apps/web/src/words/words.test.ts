import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { de } from './de/index.js';
import { first } from './en/first.js';
import { en } from './en/index.js';
import { operators } from './en/operators.js';
import { pages } from './en/pages.js';
import { pseudo } from './pseudo.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const ids = Object.keys(en);
/** Names in braces, but for the texts of a choice: `one {gleich}`. */
const ARGUMENT = /(?<!(?:=\d+|zero|one|two|few|many|other|none)\s)\{\s*(\w+)\s*[,}]/g;
const argumentsOf = (text: string) => [...new Set([...text.matchAll(ARGUMENT)].map(([, name]) => name))].sort();
const pairs = ids.map((id) => [id, en[id as keyof typeof en] as string, de[id as keyof typeof de] as string] as const);

const loaded = (folder: string): object => {
  if (/^(shell|sign-in|inbox|settings\/integrations)\//.test(folder)) return first;
  return folder.startsWith('admin/') ? { ...first, ...operators } : { ...first, ...pages };
};

/** The code of the pages, without the messages themselves. */
const files = ['apps/web/src', 'packages/react/src'].flatMap((area) =>
  readdirSync(join(root, area), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.tsx?$/.test(file) && !/(^|\/)words\/|\.test\./.test(file))
    .map((file) => ({ area, file, text: readFileSync(join(root, area, file), 'utf8') })),
);
const idsIn = (text: string) => [...text.matchAll(/['"]([a-z][a-z-]*(?:\.[a-z0-9-]+)+)['"]/g)].flatMap(([, id]) => id ?? []);

describe('the messages', () => {
  it('are all used, and whatever is used is there in both languages', () => {
    const used = new Set(files.flatMap(({ text }) => idsIn(text)));
    expect(ids.filter((id) => !used.has(id))).toEqual([]);
    expect(Object.keys(de).sort()).toEqual([...ids].sort());
  });

  it('are loaded before the page that says them', () => {
    const late = files
      .filter(({ area, file }) => area === 'apps/web/src' && file.includes('/'))
      .flatMap(({ file, text }) => idsIn(text).flatMap((id) => (id in en && !(id in loaded(file)) ? `${file}: ${id}` : [])));
    expect(late).toEqual([]);
  });

  it('take the same arguments in each language', () => {
    expect(pairs.filter(([, english, german]) => String(argumentsOf(english)) !== String(argumentsOf(german)))).toEqual([]);
  });

  it('are not cut by the pseudo-locale: 40 % longer, the same arguments', () => {
    for (const [, english] of pairs) {
      expect(argumentsOf(pseudo(english))).toEqual(argumentsOf(english));
      if (!english.includes('{')) expect(pseudo(english).length).toBeGreaterThanOrEqual(english.length * 1.3);
    }
    expect(pseudo('{n, plural, one {# app} other {# apps}} of <b>{name}</b>')).toBe(
      '[{n, plural, one {# ápp ~~} other {# ápps ~~}} óf <b>{name}</b> ~]',
    );
  });
});
