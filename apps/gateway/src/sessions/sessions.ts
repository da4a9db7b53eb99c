import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import { cookie, cookies, setCookie } from '../access/cookies.js';
import { Box } from './box.js';
import { SESSION_SOURCE, type Session, type SessionSource } from './session-source.js';

const LIFE_SECONDS = 14 * 86_400;
const RENEW_BEFORE_MS = 60_000;
const REMEMBER_MS = 5_000;

/** A browser's session: one sealed cookie, no store. The token in it is renewed, once for all requests that arrive together. */
@Injectable()
export class Sessions {
  private readonly renewing = new Map<string, Promise<Session | null | undefined>>();

  constructor(
    private readonly box: Box,
    @Inject(SESSION_SOURCE) private readonly source: SessionSource,
  ) {}

  async put(reply: FastifyReply, { handle, token }: Session): Promise<void> {
    setCookie(reply, cookies.session, await this.box.seal({ handle, token }, 'session', LIFE_SECONDS), LIFE_SECONDS);
  }

  clear(reply: FastifyReply): void {
    setCookie(reply, cookies.session, '', 0);
  }

  async read(request: FastifyRequest): Promise<Session | undefined> {
    const { handle, token } = (await this.box.open(cookie(request, cookies.session), 'session')) ?? {};
    return typeof handle === 'string' && typeof token === 'string' ? { handle, token } : undefined;
  }

  /** The session's token, fresh; undefined when there is no session, or none any more (then the cookie is cleared). */
  async token(request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> {
    const session = await this.read(request);
    if (!session) return undefined;
    if ((decodeJwt(session.token).exp ?? 0) * 1000 > Date.now() + RENEW_BEFORE_MS) return session.token;
    const renewed = await this.renew(session.handle, request);
    if (renewed === null) {
      this.clear(reply);
      return undefined;
    }
    if (renewed) await this.put(reply, renewed);
    return (renewed ?? session).token; // the source is down: the old token serves to its end
  }

  /** Some providers take a refresh token once: requests at the same time share the renewal, and those just behind them. */
  private renew(handle: string, request: FastifyRequest): Promise<Session | null | undefined> {
    const going = this.renewing.get(handle);
    if (going) return going;
    const renewal = this.source.renew(handle, { ip: request.ip });
    this.renewing.set(handle, renewal);
    const forget = () => setTimeout(() => this.renewing.delete(handle), REMEMBER_MS).unref();
    renewal.then(forget, forget);
    return renewal;
  }
}
