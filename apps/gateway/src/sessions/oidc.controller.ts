import { Access, CONFIG, Problem } from '@gatehouse/runtime';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { cookie, cookies, setCookie } from '../access/cookies.js';
import type { GatewayConfig } from '../config.js';
import { Box } from './box.js';
import { OidcSignIn } from './oidc-sign-in.js';

const AWAY_SECONDS = 600;
const trips = z.object({ verifier: z.string(), state: z.string() });

/** Sign-in with an OIDC provider: away by `/auth/sign-in`, back at `/auth/callback`. */
@Controller('auth')
@Access('anyone')
export class OidcController {
  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly box: Box,
    private readonly signIn: OidcSignIn,
  ) {}

  @Get('sign-in')
  async start(@Res() reply: FastifyReply): Promise<void> {
    const { trip, url } = await this.signIn.start();
    setCookie(reply, cookies.oidc, await this.box.seal({ ...trip }, 'oidc', AWAY_SECONDS), AWAY_SECONDS);
    await reply.header('cache-control', 'no-store').redirect(url.href, 303);
  }

  @Get('callback')
  async back(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const trip = trips.safeParse(await this.box.open(cookie(request, cookies.oidc), 'oidc'));
    setCookie(reply, cookies.oidc, '', 0);
    if (!trip.success)
      throw new Problem(400, 'sign_in_failed', 'This sign-in was not started in this browser, or too long ago. Start again.');
    const path = await this.signIn.finish(new URL(request.url, this.config.PUBLIC_URL), trip.data, request, reply);
    await reply.header('cache-control', 'no-store').redirect(path, 303);
  }
}
