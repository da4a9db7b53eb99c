import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** A product's own sign-in, trusted by the gateway (`AUTH_TRUSTED_ISSUERS`): it publishes its keys and signs access tokens for its users. */
export class Issuer {
  readonly url: string;
  private readonly server: Server;
  private readonly key: Key;

  private constructor(server: Server, key: Key) {
    this.server = server;
    this.key = key;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Issuer> {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'product', alg: 'ES256', use: 'sig' }] });
    const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(keys));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Issuer(server, privateKey);
  }

  /** What the gateway is told about this issuer. */
  get setting(): string {
    return JSON.stringify([{ issuer: this.url, jwksUrl: `${this.url}/jwks`, audience: 'gatehouse', typ: 'at+jwt' }]);
  }

  token(userId: string): Promise<string> {
    return new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'product' })
      .setIssuer(this.url)
      .setAudience('gatehouse')
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(this.key);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
