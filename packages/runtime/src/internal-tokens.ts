import { randomUUID } from 'node:crypto';
import { type CryptoKey, createLocalJWKSet, errors, importJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { type AppName, appNames, type BaseConfig } from './env.js';
import { Problem } from './problem.js';

/** The header between our apps. The gateway drops it from what comes in; apps read nothing else about who asks. */
export const INTERNAL_HEADER = 'x-gatehouse-identity';
export const INTERNAL_TYPE = 'gatehouse-internal+jwt';
const LIFE_SECONDS = 60;
const TOLERANCE_SECONDS = 5;

export const principalKinds = ['user', 'product', 'operator', 'none'] as const;
export type PrincipalKind = (typeof principalKinds)[number];

/** Whom a call is for: the acting user, product or operator, and the app that calls. `id` is '' for kind `none`. */
export interface Principal {
  kind: PrincipalKind;
  id: string;
  roles: string[];
  caller: AppName;
}

/** Whom a call to a sibling is for. `id` is needed for all kinds but `none`. */
export interface Acting {
  kind: PrincipalKind;
  id?: string;
  roles?: string[];
}

const claims = z.object({
  iss: z.enum(appNames),
  sub: z.string().min(1).optional(),
  kind: z.enum(principalKinds),
  roles: z.array(z.string()).default([]),
  jti: z.string().min(1),
});

/** Signs and checks the tokens by which our apps know each other: Ed25519, a key pair an app, one callee, 60 seconds. */
export class InternalTokens {
  private readonly keys: ReturnType<typeof createLocalJWKSet>;
  private key: Promise<CryptoKey | Uint8Array> | undefined;

  constructor(private readonly config: Pick<BaseConfig, 'app' | 'INTERNAL_KEY' | 'INTERNAL_PUBLIC_KEYS'>) {
    this.keys = createLocalJWKSet({ keys: [...(config.INTERNAL_PUBLIC_KEYS?.keys ?? [])] });
  }

  /** A token that only `to` accepts, for one acting user, product or operator (or none). */
  async sign(to: AppName, { kind, id, roles = [] }: Acting): Promise<string> {
    const { app, INTERNAL_KEY } = this.config;
    if (!INTERNAL_KEY) throw new Error(`${app} has no internal key`);
    if (kind !== 'none' && !id) throw new Error(`a token for a ${kind} needs an id`);
    this.key ??= importJWK({ ...INTERNAL_KEY }, 'EdDSA');
    const token = new SignJWT({ kind, roles })
      .setProtectedHeader({ alg: 'EdDSA', typ: INTERNAL_TYPE, kid: app })
      .setIssuer(app)
      .setAudience(to)
      .setIssuedAt()
      .setExpirationTime(`${LIFE_SECONDS}s`)
      .setJti(randomUUID());
    if (kind !== 'none' && id) token.setSubject(id);
    return token.sign(await this.key);
  }

  /** Who calls, and for whom. Throws Problem 401 `unauthenticated` for anything but a live token of a sibling, made for this app. */
  async verify(token: string): Promise<Principal> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keys, {
        algorithms: ['EdDSA'],
        typ: INTERNAL_TYPE,
        audience: this.config.app,
        requiredClaims: ['iss', 'exp', 'iat', 'jti'],
        maxTokenAge: LIFE_SECONDS,
        clockTolerance: TOLERANCE_SECONDS,
      });
      const { iss, sub, kind, roles } = claims.parse(payload);
      // The key decides who signed, not the claim: else each app could speak for every other.
      if (iss !== protectedHeader.kid || (kind === 'none') !== (sub === undefined)) throw new errors.JWTInvalid('inconsistent');
      return { kind, id: sub ?? '', roles, caller: iss };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) throw unauthenticated();
      throw error;
    }
  }
}

export function unauthenticated(): Problem {
  return new Problem(401, 'unauthenticated', 'Sign in first.');
}
