import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 of the canonical JSON (RFC 8785), in hex: the order of keys does not matter, everything else does. */
export function argsHash(args: unknown): string {
  const text = canonicalize(args);
  if (text === undefined) throw new TypeError('not JSON');
  return createHash('sha256').update(text).digest('hex');
}
