import type { GatewayConfig } from '../config.js';
import type { Issuer } from './access-tokens.js';
import type { OidcSource } from './oidc-source.js';

/** Whose tokens count: the main issuer's (identity, or the OIDC provider), and those that are trusted besides. */
export function issuersOf(config: GatewayConfig, oidc: Pick<OidcSource, 'jwksUrl'>): Issuer[] {
  const builtin = config.AUTH_MODE === 'builtin';
  const main: Issuer = {
    issuer: config.AUTH_ISSUER ?? config.PUBLIC_URL,
    jwksUrl: config.AUTH_JWKS_URL ?? (builtin ? `${config.IDENTITY_URL}/auth/jwks` : () => oidc.jwksUrl()),
    audience: config.AUTH_AUDIENCE,
    typ: config.AUTH_TOKEN_TYPE,
    grantsRoles: true,
  };
  return [main, ...config.AUTH_TRUSTED_ISSUERS.map((issuer) => ({ ...issuer, grantsRoles: false }))];
}
