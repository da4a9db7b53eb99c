import { messagingEnv } from '@gatehouse/messaging';
import { readEnv } from '@gatehouse/runtime';
import { z } from 'zod';
import { keyHashes } from './access/keys.js';

const sibling = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
const json = z.string().transform((text, ctx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    ctx.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
});
const sealingKey = z
  .strictObject({ kid: z.string().min(1), key: z.base64url() })
  .transform(({ kid, key }) => ({ kid, key: new Uint8Array(Buffer.from(key, 'base64url')) }))
  .refine(({ key }) => key.length === 32, 'a key is 32 bytes in base64url');
const trustedIssuer = z.strictObject({
  issuer: z.url(),
  jwksUrl: z.url(),
  audience: z.string().min(1).default('gatehouse'),
  typ: z.enum(['at+jwt', 'JWT']).default('at+jwt'),
});
const noKeys = keyHashes.parse('');

export const config = readEnv('gateway', {
  ...messagingEnv,
  IDENTITY_URL: sibling.optional(), // an OIDC deployment has no identity app
  CONNECTIONS_URL: sibling,
  AGENT_RUNNER_URL: sibling,
  AUDITOR_URL: sibling,
  NOTIFIER_URL: sibling,
  AUTH_MODE: z.enum(['builtin', 'oidc']).default('builtin'),
  /** Built in: identity's, which is PUBLIC_URL. */
  AUTH_ISSUER: z.url().optional(),
  /** Built in: identity's /auth/jwks. OIDC: from the provider's discovery document. */
  AUTH_JWKS_URL: z.url().optional(),
  AUTH_AUDIENCE: z.string().min(1).default('gatehouse'),
  AUTH_TOKEN_TYPE: z.enum(['at+jwt', 'JWT']).default('at+jwt'),
  /** Further issuers whose bearer tokens count, picked by `iss`. Their roles do not: operators come from the main issuer. */
  AUTH_TRUSTED_ISSUERS: json.pipe(z.array(trustedIssuer)).default([]),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_RESOURCE: z.string().min(1).optional(),
  /** The first seals, all open: put a new one in front to rotate. */
  SESSION_KEYS: json.pipe(z.array(sealingKey).min(1)),
  PRODUCT_KEY_HASHES: keyHashes.default(noKeys),
  OPERATOR_KEY_HASHES: keyHashes.default(noKeys),
  /** Requests a minute, per replica: of one user, of one address. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).default(120),
  RATE_LIMIT_ADDRESS_PER_MINUTE: z.coerce.number().int().min(1).default(600),
  RATE_LIMIT_WEBHOOKS_PER_SECOND: z.coerce.number().int().min(1).default(100),
  /** The built web app; that of this repository where nothing is said. Without one there is a plain start page. */
  WEB_DIR: z.string().min(1).optional(),
  /** The one other host that pages show pictures from: the apps' logos. */
  LOGO_ORIGIN: z.url().default('https://logos.composio.dev'),
});
export type GatewayConfig = typeof config;

const wrong = [
  config.AUTH_MODE === 'builtin' && !config.IDENTITY_URL && 'IDENTITY_URL  is missing',
  config.AUTH_MODE === 'oidc' && !config.AUTH_ISSUER && 'AUTH_ISSUER  is missing: the OIDC provider',
  config.AUTH_MODE === 'oidc' && !config.OIDC_CLIENT_ID && 'OIDC_CLIENT_ID  is missing',
  config.AUTH_AUDIENCE === config.OIDC_CLIENT_ID && 'AUTH_AUDIENCE  must not be the client id: an ID token would pass for an access token',
].filter((line) => line !== false);
if (wrong.length) {
  process.stderr.write(`gateway cannot start:\n${wrong.map((line) => `  ${line}\n`).join('')}`);
  process.exit(2);
}
