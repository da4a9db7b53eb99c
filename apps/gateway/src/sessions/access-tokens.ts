import { userId } from '@gatehouse/contracts';
import { Problem } from '@gatehouse/runtime';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';

const RELOAD_MS = 300_000;
const TOLERANCE_SECONDS = 30;
const LONGEST_LIFE_SECONDS = 600;

export interface Issuer {
  issuer: string;
  /** Where its public keys are; a function where that has to be asked first. */
  jwksUrl: string | (() => Promise<string>);
  audience: string;
  typ: string;
  /** Whether the claim `roles` counts. */
  grantsRoles: boolean;
}

/** Who an access token is for, proven. `expiresAt` in milliseconds since 1970. */
export interface Person {
  userId: string;
  roles: string[];
  expiresAt: number;
}

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;

const claims = z.object({ sub: userId, iat: z.number(), exp: z.number(), roles: z.array(z.string().max(100)).max(50).optional() });

/**
 * One verifier, whoever issued the token. Keys come from the configured addresses only (`jku`, `x5u` and `jwk` in a token are not read); they are
 * fetched anew every five minutes and kept for ever, so that an issuer that is down signs nobody out.
 */
@Injectable()
export class AccessTokens implements OnApplicationShutdown {
  private readonly keys = new Map<string, RemoteKeys>();
  private readonly reload = setInterval(() => this.reloadKeys(), RELOAD_MS).unref();

  constructor(private readonly issuers: readonly Issuer[]) {}

  /** Throws Problem 401 `unauthenticated`, or 503 when the issuer's keys were never had. */
  async verify(token: string): Promise<Person> {
    const name = issuerOf(token);
    const issuer = this.issuers.find((one) => one.issuer === name);
    if (!issuer) throw signInFirst();
    const payload = await this.payloadOf(token, issuer);
    const fields = claims.safeParse(payload);
    if (!fields.success) throw signInFirst();
    const { sub, iat, exp, roles = [] } = fields.data;
    if (exp - iat > LONGEST_LIFE_SECONDS || iat > Date.now() / 1000 + TOLERANCE_SECONDS) throw signInFirst();
    return { userId: sub, roles: issuer.grantsRoles ? roles : [], expiresAt: exp * 1000 };
  }

  private async payloadOf(token: string, trusted: Issuer): Promise<JWTPayload> {
    const { issuer, audience, typ } = trusted;
    try {
      const verified = await jwtVerify(token, await this.keysOf(trusted), {
        issuer,
        audience,
        typ,
        algorithms: ['ES256', 'RS256', 'EdDSA'],
        requiredClaims: ['sub', 'exp', 'iat'],
        clockTolerance: TOLERANCE_SECONDS,
      });
      return verified.payload;
    } catch (error) {
      if (isOfToken(error)) throw signInFirst();
      throw new Problem(503, 'sign_in_unavailable', 'Sign-in cannot be checked at the moment.', { retryAfterSeconds: 2 });
    }
  }

  private async keysOf({ issuer, jwksUrl }: Issuer): Promise<RemoteKeys> {
    const known = this.keys.get(issuer);
    if (known) return known;
    const url = new URL(typeof jwksUrl === 'string' ? jwksUrl : await jwksUrl());
    // A short cooldown: after a rotation the issuer signs with its new key at once.
    const keys = createRemoteJWKSet(url, { cooldownDuration: 1000, cacheMaxAge: Number.POSITIVE_INFINITY });
    this.keys.set(issuer, keys);
    return keys;
  }

  private reloadKeys(): void {
    for (const keys of this.keys.values()) keys.reload().catch(() => undefined); // the keys we have go on serving
  }

  onApplicationShutdown(): void {
    clearInterval(this.reload);
  }
}

export function signInFirst(): Problem {
  return new Problem(401, 'unauthenticated', 'Sign in first.');
}

/** The token is at fault, not the network: jose's own errors, but those of fetching keys. */
function isOfToken(error: unknown): boolean {
  return error instanceof errors.JOSEError && error.code !== 'ERR_JWKS_TIMEOUT' && error.code !== 'ERR_JOSE_GENERIC';
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}
