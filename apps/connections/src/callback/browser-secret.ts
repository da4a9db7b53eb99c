import { createHash, randomBytes } from 'node:crypto';
import { seal, unseal } from './seal.js';

const CONNECT = '__Host-connect';
const RETURN = '__Host-connect-return';
const RETURN_PURPOSE = 'returning session';
const LIFE_SECONDS = 600;

/** Cookies are Lax, not Strict: the return from the provider is a cross-site navigation. */
const cookie = (name: string, value: string, maxAge: number): string =>
  `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; Secure; SameSite=Lax`;

function read(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The secret by which a returning browser is known as the one that left. It says nothing about who is signed in. */
export function browserSecret(cookies: string | undefined): { hash: string; setCookie: string } {
  const given = read(cookies, CONNECT);
  const secret = given && /^[\w-]{43}$/.test(given) ? given : randomBytes(32).toString('base64url');
  return { hash: sha256(secret), setCookie: cookie(CONNECT, secret, LIFE_SECONDS) };
}

export function browserHash(cookies: string | undefined): string | undefined {
  const given = read(cookies, CONNECT);
  return given ? sha256(given) : undefined;
}

/** Keeps the session in this browser while its person signs in; it never stands in an address of ours. */
export const keepSession = (sessionUri: string): string => cookie(RETURN, seal(sessionUri, RETURN_PURPOSE), LIFE_SECONDS);
export const dropSession = (): string => cookie(RETURN, '', 0);

export function keptSession(cookies: string | undefined): string | undefined {
  const sealed = read(cookies, RETURN);
  return sealed ? unseal(sealed, RETURN_PURPOSE) : undefined;
}
