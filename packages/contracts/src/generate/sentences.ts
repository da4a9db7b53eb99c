import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Each event's sentence in domain words: the comment above its contract. By event type. Reads the sources, so it works in a checkout only. */
export function sentences(sourceDir: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(sourceDir).filter((name) => name.endsWith('.events.ts'))) {
    const text = readFileSync(join(sourceDir, file), 'utf8');
    for (const [, comment = '', type = ''] of text.matchAll(
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export const \w+ = defineEvent\(\{\s*type: '([^']+)'/g,
    )) {
      found.set(
        type,
        comment
          .replace(/^\s*\* ?/gm, ' ')
          .replace(/\s+/g, ' ')
          .trim(),
      );
    }
  }
  return found;
}
