import { createHmac, generateKeyPairSync } from 'node:crypto';
import { exportSPKI, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { AccessTokens } from '../src/sessions/access-tokens.js';
import { anIssuer, claimsOf, headerOf, type TestIssuer } from './issuer.js';

const HOUR = 3_600;
const now = () => Math.floor(Date.now() / 1000);
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('when an access token is not what it should be', () => {
  let issuer: TestIssuer;
  let foreign: TestIssuer;
  let tokens: AccessTokens;

  beforeAll(async () => {
    issuer = await anIssuer();
    foreign = await anIssuer();
    tokens = new AccessTokens([{ issuer: issuer.url, jwksUrl: issuer.jwksUrl, audience: 'gatehouse', typ: 'at+jwt', grantsRoles: true }]);
  });
  afterAll(async () => {
    tokens.onApplicationShutdown();
    await Promise.all([issuer.close(), foreign.close()]);
  });

  const claim = (claims: JWTPayload) => () => issuer.token(claims);
  const bad: [string, () => Promise<string> | string][] = [
    ['no token at all', () => ''],
    ['not a token', () => 'a.b.c'],
    ['alg none', () => new UnsecuredJWT(claimsOf(issuer.url)).encode()],
    ['alg none with our type', () => `${base64url({ ...headerOf(), alg: 'none' })}.${base64url(claimsOf(issuer.url))}.`],
    ['signed with HS256 by the public key as its secret', async () => hs256(issuer)],
    ['signed with RS256 under our key id', async () => rs256(issuer)],
    ['another key under our key id', () => foreign.token(claimsOf(issuer.url))],
    ['an unknown key id', () => issuer.token({}, { kid: 'two' })],
    ['a path as key id', () => issuer.token({}, { kid: '../../etc/passwd' })],
    ['its own key in the header', () => foreign.token(claimsOf(issuer.url), { jwk: foreign.publicJwk as never, kid: 'own' })],
    ['a foreign key address in the header', () => foreign.token(claimsOf(issuer.url), { jku: foreign.jwksUrl, kid: 'own' })],
    ['a foreign certificate address in the header', () => foreign.token(claimsOf(issuer.url), { x5u: foreign.jwksUrl, kid: 'own' })],
    ['a critical extension', () => unknownExtension(issuer)],
    ['another issuer', claim({ iss: 'http://elsewhere.test' })],
    ['no issuer', claim({ iss: undefined })],
    ['our issuer with a slash more', () => issuer.token({ iss: `${issuer.url}/` })],
    ['another audience', claim({ aud: 'somebody-else' })],
    ['no audience', claim({ aud: undefined })],
    ['the type of an ID token', () => issuer.token({}, { typ: 'JWT' })],
    ['no type', () => issuer.token({}, { typ: undefined })],
    ['the type of an internal token', () => issuer.token({}, { typ: 'gatehouse-internal+jwt' })],
    ['expired', claim({ iat: now() - HOUR, exp: now() - HOUR + 300 })],
    ['not valid yet', claim({ nbf: now() + HOUR })],
    ['issued in the future', claim({ iat: now() + HOUR, exp: now() + HOUR + 300 })],
    ['no expiry', claim({ exp: undefined })],
    ['valid for an hour', claim({ exp: now() + HOUR })],
    ['no subject', claim({ sub: undefined })],
    ['a blank subject', claim({ sub: ' ' })],
    ['a list as subject', claim({ sub: 'ana,ben' })],
    ['the subject default', claim({ sub: 'Default' })],
    ['altered claims', async () => swapClaims(await issuer.token(), claimsOf(issuer.url, { sub: 'ben' }))],
    ['an encrypted form', () => `${base64url({ alg: 'dir', enc: 'A256GCM', typ: 'at+jwt' })}..AAAA.AAAA.AAAA`],
  ];

  it('accepts a good one, and says whose it is', async () => {
    await expect(tokens.verify(await issuer.token({ roles: ['operator'] }))).resolves.toMatchObject({ userId: 'ana', roles: ['operator'] });
  });

  it.each(bad)('refuses it: %s', async (_, make) => {
    await expect(tokens.verify(await make())).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('takes no roles from an issuer that is only trusted for its users', async () => {
    const trusting = new AccessTokens([
      { issuer: issuer.url, jwksUrl: issuer.jwksUrl, audience: 'gatehouse', typ: 'at+jwt', grantsRoles: false },
    ]);
    await expect(trusting.verify(await issuer.token({ roles: ['operator'] }))).resolves.toMatchObject({ roles: [] });
    trusting.onApplicationShutdown();
  });

  it('says that it cannot tell, and not that the token is bad, while the keys were never had', async () => {
    const deaf = new AccessTokens([
      { issuer: issuer.url, jwksUrl: 'http://127.0.0.1:9/jwks', audience: 'gatehouse', typ: 'at+jwt', grantsRoles: true },
    ]);
    await expect(deaf.verify(await issuer.token())).rejects.toMatchObject({ status: 503 });
    deaf.onApplicationShutdown();
  });
});

async function hs256(issuer: TestIssuer): Promise<string> {
  const secret = await exportSPKI(issuer.keys.publicKey);
  const signed = `${base64url(headerOf({ alg: 'HS256' }))}.${base64url(claimsOf(issuer.url))}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

async function rs256(issuer: TestIssuer): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return new SignJWT(claimsOf(issuer.url)).setProtectedHeader(headerOf({ alg: 'RS256' })).sign(privateKey);
}

function unknownExtension(issuer: TestIssuer): Promise<string> {
  const header = { ...headerOf(), crit: ['urn:x'], 'urn:x': true };
  return new SignJWT(claimsOf(issuer.url)).setProtectedHeader(header).sign(issuer.keys.privateKey, { crit: { 'urn:x': true } });
}

function swapClaims(token: string, claims: JWTPayload): string {
  const [header, , signature] = token.split('.');
  return `${header}.${base64url(claims)}.${signature}`;
}
