import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { config } from '../config.js';

// A connect link and a session are bearer secrets: neither may be readable in a dump of the database or a stolen cookie jar.
const key = Buffer.from(hkdfSync('sha256', Buffer.from(config.INTERNAL_KEY?.d ?? '', 'base64url'), '', 'gatehouse connect secrets', 32));

/** Seals a short text; every replica of this app can open it. `purpose` must be the same for both. */
export function seal(text: string, purpose: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** Undefined when it was not sealed by us, or for something else. */
export function unseal(sealed: string, purpose: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < 28) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
