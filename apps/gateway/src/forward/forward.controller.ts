import { Access, Problem } from '@gatehouse/runtime';
import { All, Controller, NotFoundException, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Callers, NOBODY } from '../access/callers.js';
import { SignInPages } from '../sessions/sign-in-pages.js';
import { Forward } from './forward.js';
import { upstreamOf } from './upstreams.js';

/** Everything that is not the gateway's own. Who may call is the map's word, so the guard asks for nothing here. */
@Controller()
@Access('anyone', { callers: [] })
export class ForwardController {
  constructor(
    private readonly callers: Callers,
    private readonly forward: Forward,
    private readonly signIn: SignInPages,
  ) {}

  @All('*')
  async pass(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const upstream = upstreamOf(request.method, request.url.split('?', 1)[0] ?? '');
    if (!upstream) throw new NotFoundException();
    const caller = await this.callers.identify(request, reply, upstream.for).catch((refusal: unknown) => {
      if (!upstream.pages || !isSignedOut(refusal)) throw refusal;
      // To a click on a page the app answers with a page, for nobody.
      return request.method === 'GET' ? this.signIn.first(request, reply) : NOBODY;
    });
    if (caller) await this.forward.pass(request, reply, upstream, caller);
  }
}

function isSignedOut(refusal: unknown): boolean {
  return refusal instanceof Problem && refusal.getStatus() === 401;
}
