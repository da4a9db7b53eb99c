import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { de } from './de/index.js';
import { en } from './en/index.js';
import { pseudo } from './pseudo.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const ids = Object.keys(en);
/** Names in braces, but for the texts of a choice: `one {gleich}`. */
const ARGUMENT = /(?<!(?:=\d+|zero|one|two|few|many|other|none)\s)\{\s*(\w+)\s*[,}]/g;
const argumentsOf = (text: string) => [...new Set([...text.matchAll(ARGUMENT)].map(([, name]) => name))].sort();
const pairs = ids.map((id) => [id, en[id as keyof typeof en] as string, de[id as keyof typeof de] as string] as const);

/** The code of the pages, without the messages themselves. */
function code(): string {
  const files = ['apps/web/src', 'packages/react/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !/(^|[\\/])words[\\/]|\.test\./.test(file))
      .map((file) => join(root, folder, file)),
  );
  return files.map((file) => readFileSync(file, 'utf8')).join('\n');
}

describe('the messages', () => {
  it('are all used, and whatever is used is there in both languages', () => {
    const source = code();
    const used = new Set([...source.matchAll(/['"]([a-z][a-z-]*(?:\.[a-z0-9-]+)+)['"]/g)].map(([, id]) => id));
    expect(ids.filter((id) => !used.has(id))).toEqual([]);
    expect(Object.keys(de).sort()).toEqual([...ids].sort());
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
