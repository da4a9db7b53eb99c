import { type AccessKind, type Acting, CONFIG, Problem } from '@gatehouse/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { AccessTokens, type Person, signInFirst } from '../sessions/access-tokens.js';
import { Sessions } from '../sessions/sessions.js';
import { cookie, cookies } from './cookies.js';
import { holderOf } from './keys.js';
import { tooMany, Window } from './limits.js';
import { comesFrom } from './same-origin.js';

/** Whom a request is for, and until when its token says so. */
export interface Caller extends Acting {
  id: string;
  expiresAt: number;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
export const NOBODY: Caller = { kind: 'none', id: '', expiresAt: Number.POSITIVE_INFINITY };
const MINUTE_MS = 60_000;

/** Says who calls, from a bearer token, a key or the session cookie and from nothing else, and keeps each caller within their limit. */
@Injectable()
export class Callers {
  private readonly origin: string;
  private readonly perCaller: Window;

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly tokens: AccessTokens,
    private readonly sessions: Sessions,
  ) {
    this.origin = new URL(config.PUBLIC_URL).origin;
    this.perCaller = new Window(config.RATE_LIMIT_PER_MINUTE, MINUTE_MS);
  }

  /** Throws Problem 401, 403 `cross_site` or 429. For `anyone` nobody is identified, and a browser's request must not come from elsewhere. */
  async identify(request: FastifyRequest, reply: FastifyReply, kind: AccessKind): Promise<Caller> {
    if (kind === 'anyone') {
      this.refuseCrossSite(request);
      return NOBODY;
    }
    const caller = await this.callerOf(request, reply, kind);
    const wait = this.perCaller.take(`${caller.kind} ${caller.id}`);
    if (wait) throw tooMany(wait);
    return caller;
  }

  /** Stops a form or script of another site; `strict` also what does not say where it comes from. */
  refuseCrossSite(request: FastifyRequest, strict = false): void {
    if (SAFE.has(request.method)) return;
    const place = comesFrom(request.headers, this.origin);
    const withCookies = cookie(request, cookies.session) !== undefined || cookie(request, cookies.connect) !== undefined;
    if (place === 'elsewhere' || (place === 'unknown' && (strict || withCookies)))
      throw new Problem(403, 'cross_site', 'This request did not come from our own pages.');
  }

  private async callerOf(request: FastifyRequest, reply: FastifyReply, kind: 'user' | 'product' | 'operator'): Promise<Caller> {
    const credential = bearerOf(request);
    if (kind === 'product') return this.holder(credential, 'product');
    const isKey = credential !== undefined && !credential.includes('.'); // a JWT has dots, a key has none
    if (kind === 'operator' && isKey) return this.holder(credential, 'operator');
    const person = credential === undefined ? await this.bySession(request, reply) : await this.tokens.verify(credential);
    const { userId: id, roles, expiresAt } = person;
    if (kind === 'operator' && !roles.includes('operator')) throw new Problem(403, 'forbidden', 'This is for operators.');
    return { kind, id, roles, expiresAt };
  }

  private async bySession(request: FastifyRequest, reply: FastifyReply): Promise<Person> {
    if (cookie(request, cookies.session) === undefined) throw signInFirst();
    this.refuseCrossSite(request, true);
    const token = await this.sessions.token(request, reply);
    if (token === undefined) throw signInFirst();
    return this.tokens.verify(token);
  }

  private holder(key: string | undefined, kind: 'product' | 'operator'): Caller {
    const { PRODUCT_KEY_HASHES, OPERATOR_KEY_HASHES } = this.config;
    const name = key === undefined ? undefined : holderOf(key, kind === 'product' ? PRODUCT_KEY_HASHES : OPERATOR_KEY_HASHES);
    if (name === undefined) throw signInFirst();
    return { kind, id: name, roles: kind === 'operator' ? ['operator'] : [], expiresAt: Number.POSITIVE_INFINITY };
  }
}

/** Undefined without an Authorization header; '' (which no key and no token is) for one of another form. */
function bearerOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  if (authorization === undefined) return undefined;
  return /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '';
}
