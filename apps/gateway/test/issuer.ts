import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

export interface TestIssuer {
  url: string;
  jwksUrl: string;
  keys: Awaited<ReturnType<typeof generateKeyPair>>;
  publicJwk: Record<string, unknown>;
  token(claims?: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  close(): Promise<void>;
}

/** An issuer of access tokens as ours are; what a test gives replaces a claim, and `undefined` takes it away. */
export async function anIssuer(url = 'http://issuer.test'): Promise<TestIssuer> {
  const keys = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [publicJwk] })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url,
    jwksUrl: `http://127.0.0.1:${port}/jwks`,
    keys,
    publicJwk,
    token: (claims = {}, header = {}) => new SignJWT(claimsOf(url, claims)).setProtectedHeader(headerOf(header)).sign(keys.privateKey),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export function claimsOf(issuer: string, claims: JWTPayload = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer, aud: 'gatehouse', sub: 'ana', iat: now, exp: now + 300, jti: randomUUID(), ...claims };
}

export function headerOf(header: Partial<JWTHeaderParameters> = {}): JWTHeaderParameters {
  return { alg: 'ES256', typ: 'at+jwt', kid: 'one', ...header };
}
