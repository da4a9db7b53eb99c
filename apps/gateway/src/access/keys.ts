import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

export interface KeyHash {
  name: string;
  hash: Buffer;
}

/** `name:hex,…`: SHA-256 of each key. A name may stand twice, so that two keys are valid while one replaces the other. */
export const keyHashes = z.string().transform((text, ctx): KeyHash[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [, name = '', hex = ''] = /^([!-~]{1,100}):([0-9a-f]{64})$/i.exec(part) ?? [];
      if (!name) ctx.addIssue({ code: 'custom', message: 'must be a comma list of name:sha256 in hex' });
      return { name, hash: Buffer.from(hex, 'hex') };
    }),
);

/** The name of the key, if it is one of them. It compares with all of them, each in constant time. */
export function holderOf(key: string, hashes: readonly KeyHash[]): string | undefined {
  const given = createHash('sha256').update(key).digest();
  let holder: string | undefined;
  for (const { name, hash } of hashes) if (timingSafeEqual(given, hash)) holder = name;
  return holder;
}
