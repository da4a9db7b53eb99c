import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessTokens } from './access-tokens.js';
import { OidcSource, type OidcTrip } from './oidc-source.js';
import { Sessions } from './sessions.js';
import { SignInPages } from './sign-in-pages.js';

/** The way to an OIDC provider and back. A token that would not pass at the door never becomes a session. */
@Injectable()
export class OidcSignIn {
  constructor(
    private readonly source: OidcSource,
    private readonly tokens: AccessTokens,
    private readonly sessions: Sessions,
    private readonly pages: SignInPages,
  ) {}

  start(): Promise<{ trip: OidcTrip; url: URL }> {
    return this.source.start();
  }

  /** The path to go on to. */
  async finish(url: URL, trip: OidcTrip, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const session = await this.source.finish(url, trip);
    await this.tokens.verify(session.token);
    await this.sessions.put(reply, session);
    return this.pages.wayBack(request, reply);
  }
}
