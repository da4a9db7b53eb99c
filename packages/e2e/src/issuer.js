import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
/** A product's own sign-in, trusted by the gateway (`AUTH_TRUSTED_ISSUERS`): it publishes its keys and signs access tokens for its users. */
export class Issuer {
  url;
  server;
  key;
  constructor(server, key) {
    this.server = server;
    this.key = key;
    this.url = `http://127.0.0.1:${server.address().port}`;
  }
  static async start() {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'product', alg: 'ES256', use: 'sig' }] });
    const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(keys));
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    return new Issuer(server, privateKey);
  }
  /** What the gateway is told about this issuer. */
  get setting() {
    return JSON.stringify([{ issuer: this.url, jwksUrl: `${this.url}/jwks`, audience: 'gatehouse', typ: 'at+jwt' }]);
  }
  token(userId) {
    return new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'product' })
      .setIssuer(this.url)
      .setAudience('gatehouse')
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(this.key);
  }
  async close() {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
//# sourceMappingURL=issuer.js.map
