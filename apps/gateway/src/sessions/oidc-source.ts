import { Problem } from '@gatehouse/runtime';
import * as oidc from 'openid-client';
import type { Session, SessionSource } from './session-source.js';

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  resource: string | undefined;
  redirectUri: string;
}
/** What the browser keeps, sealed, between leaving for the provider and coming back. */
export interface OidcTrip {
  verifier: string;
  state: string;
}

/** Sessions of any OIDC provider: code flow with PKCE. The handle is its refresh token. */
export class OidcSource implements SessionSource {
  private found: Promise<oidc.Configuration> | undefined;

  constructor(private readonly settings: OidcSettings) {}

  async jwksUrl(): Promise<string> {
    const { jwks_uri } = (await this.provider()).serverMetadata();
    if (!jwks_uri) throw new Error('the OIDC provider names no jwks_uri');
    return jwks_uri;
  }

  async start(): Promise<{ trip: OidcTrip; url: URL }> {
    const trip = { verifier: oidc.randomPKCECodeVerifier(), state: oidc.randomState() };
    const url = oidc.buildAuthorizationUrl(await this.provider(), {
      redirect_uri: this.settings.redirectUri,
      scope: 'openid offline_access',
      prompt: 'consent',
      state: trip.state,
      code_challenge: await oidc.calculatePKCECodeChallenge(trip.verifier),
      code_challenge_method: 'S256',
      ...this.resource(),
    });
    return { trip, url };
  }

  /** `url` is the address that the browser came back to, with its query. Throws Problem 400 `sign_in_failed`. */
  async finish(url: URL, { verifier, state }: OidcTrip): Promise<Session> {
    const provider = await this.provider();
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    const tokens = await oidc.authorizationCodeGrant(provider, url, checks, this.resource()).catch(() => undefined);
    if (!tokens) throw new Problem(400, 'sign_in_failed', 'Sign-in did not finish. Start again.');
    if (!tokens.refresh_token) throw new Problem(502, 'bad_gateway', 'The sign-in provider gave no refresh token.');
    return { handle: tokens.refresh_token, token: tokens.access_token };
  }

  async renew(handle: string): Promise<Session | null | undefined> {
    try {
      const tokens = await oidc.refreshTokenGrant(await this.provider(), handle, this.resource());
      return { handle: tokens.refresh_token ?? handle, token: tokens.access_token };
    } catch (error) {
      return (error as { error?: string }).error === 'invalid_grant' ? null : undefined;
    }
  }

  async end(handle: string): Promise<void> {
    await this.provider()
      .then((provider) => oidc.tokenRevocation(provider, handle))
      .catch(() => undefined);
  }

  private resource(): Record<string, string> {
    return this.settings.resource ? { resource: this.settings.resource } : {};
  }

  /** Asked once; a provider that does not answer is asked again by the next request. */
  private provider(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const http = new URL(issuer).protocol === 'http:'; // a provider on this machine, in tests
    this.found ??= oidc.discovery(
      new URL(issuer),
      clientId,
      clientSecret,
      undefined,
      http ? { execute: [oidc.allowInsecureRequests] } : {},
    );
    return this.found.catch(() => {
      this.found = undefined;
      throw new Problem(503, 'sign_in_unavailable', 'The sign-in provider does not answer.', { retryAfterSeconds: 5 });
    });
  }
}
