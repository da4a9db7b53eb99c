import { createHash, randomBytes } from 'node:crypto';

const CONNECT = '__Host-connect';
const LIFE_SECONDS = 600;

function given(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, ...value] = pair.trim().split('=');
    if (key === CONNECT) return value.join('=');
  }
  return undefined;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The secret by which a returning browser is known as the one that left. It says nothing about who is signed in. */
export function browserSecret(cookies: string | undefined): { hash: string; setCookie: string } {
  const held = given(cookies);
  const secret = held && /^[\w-]{43}$/.test(held) ? held : randomBytes(32).toString('base64url');
  // Lax, not Strict: the return from the provider is a cross-site navigation.
  const setCookie = `${CONNECT}=${secret}; Path=/; Max-Age=${LIFE_SECONDS}; HttpOnly; Secure; SameSite=Lax`;
  return { hash: sha256(secret), setCookie };
}

export function browserHash(cookies: string | undefined): string | undefined {
  const held = given(cookies);
  return held ? sha256(held) : undefined;
}
