import { signIn } from '@gatehouse/contracts';
import { Access, Problem } from '@gatehouse/runtime';
import { Body, Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AccessTokens, signInFirst } from './access-tokens.js';
import { BuiltinSource } from './builtin-source.js';
import { Sessions } from './sessions.js';
import { SignInPages } from './sign-in-pages.js';

const passwords = z.strictObject({ currentPassword: z.string().min(1).max(128), newPassword: z.string().min(12).max(128) });

/** Sign-in with our identity app. The browser gets a sealed cookie and never sees the handle or the token in it. */
@Controller('auth')
export class BuiltinController {
  constructor(
    private readonly source: BuiltinSource,
    private readonly tokens: AccessTokens,
    private readonly sessions: Sessions,
    private readonly pages: SignInPages,
  ) {}

  @Get('sign-in')
  @Access('anyone')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  form(): string {
    return this.pages.form();
  }

  /** A program gets JSON; a form goes back to where it was going. */
  @Post('sign-in')
  @Access('anyone')
  async signIn(
    @Req() request: FastifyRequest,
    @Body({ schema: signIn }) credentials: z.output<typeof signIn>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const session = await this.source.signIn(credentials, { ip: request.ip }).catch((error: unknown) => {
      if (!isForm(request) || !(error instanceof Problem)) throw error;
      return error;
    });
    void reply.header('cache-control', 'no-store');
    if (session instanceof Problem) {
      const refusal =
        session.code === 'email_not_verified' ? 'Please confirm your address first: we sent you another mail.' : 'That did not work.';
      await reply.status(session.getStatus()).type('text/html; charset=utf-8').send(this.pages.form(refusal));
      return;
    }
    const { userId } = await this.tokens.verify(session.token);
    await this.sessions.put(reply, session);
    if (isForm(request)) await reply.redirect(await this.pages.wayBack(request, reply), 303);
    else await reply.status(200).send({ userId });
  }

  /** Where a script goes on after it has signed in: only the sealed cookie knows where the browser was going. */
  @Get('back')
  @Access('anyone')
  async back(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await reply.header('cache-control', 'no-store').redirect(await this.pages.wayBack(request, reply), 303);
  }

  @Post('change-password')
  @Access('user')
  @HttpCode(204)
  async changePassword(@Req() request: FastifyRequest, @Body({ schema: passwords }) body: z.output<typeof passwords>): Promise<void> {
    const session = await this.sessions.read(request);
    if (!session) throw signInFirst(); // a bearer token has no session to change it in
    await this.source.changePassword(body, session.handle, { ip: request.ip });
  }
}

function isForm({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
}
