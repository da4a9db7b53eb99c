import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anIssuer } from './issuer.js';

/** As much of an OIDC provider as a sign-in needs: it knows PKCE, rotates refresh tokens, and issues access tokens for our audience. */
export async function aProvider() {
  const challenges = new Map<string, string>();
  const state = { refreshToken: '', lifeSeconds: 300, revoked: [] as string[], audience: 'gatehouse' };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = await anIssuer(url);

  const tokens = async () => {
    const now = Math.floor(Date.now() / 1000);
    state.refreshToken = randomUUID();
    const access_token = await issuer.token({
      sub: 'ana',
      aud: state.audience,
      iat: now + state.lifeSeconds - 300,
      exp: now + state.lifeSeconds,
    });
    return { access_token, token_type: 'bearer', expires_in: state.lifeSeconds, refresh_token: state.refreshToken };
  };
  const grant = (form: URLSearchParams) => {
    if (form.get('grant_type') === 'refresh_token') return form.get('refresh_token') === state.refreshToken;
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    return challenges.get(form.get('code') ?? '') === challenge && challenges.delete(form.get('code') ?? '');
  };
  server.on('request', async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const send = (status: number, answer: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    if (request.url === '/.well-known/openid-configuration')
      send(200, {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        revocation_endpoint: `${url}/revoke`,
        jwks_uri: issuer.jwksUrl,
      });
    else if (request.url === '/revoke') {
      state.revoked.push(form.get('token') ?? '');
      send(200, {});
    } else if (grant(form)) send(200, await tokens());
    else send(400, { error: 'invalid_grant' });
  });
  return {
    url,
    state,
    /** What a person's consent does: a code for this authorization request. */
    consent(authorization: URL): URLSearchParams {
      const code = randomUUID();
      challenges.set(code, authorization.searchParams.get('code_challenge') ?? '');
      return new URLSearchParams({ code, state: authorization.searchParams.get('state') ?? '' });
    },
    async close() {
      server.closeAllConnections();
      await Promise.all([issuer.close(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}
