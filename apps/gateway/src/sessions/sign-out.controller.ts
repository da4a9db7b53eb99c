import { Access } from '@gatehouse/runtime';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_SOURCE, type SessionSource } from './session-source.js';
import { Sessions } from './sessions.js';

/** The cookie goes at once, whoever issued it; its access token ends within minutes. */
@Controller('auth')
@Access('anyone')
export class SignOutController {
  constructor(
    private readonly sessions: Sessions,
    @Inject(SESSION_SOURCE) private readonly source: SessionSource,
  ) {}

  @Post('sign-out')
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await this.sessions.read(request);
    if (session) await this.source.end(session.handle, { ip: request.ip });
    this.sessions.clear(reply);
    const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    if (form) await reply.redirect('/', 303);
    else await reply.status(204).send();
  }
}
