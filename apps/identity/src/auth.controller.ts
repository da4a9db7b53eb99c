import { signUp } from '@gatehouse/contracts';
import { Access, log, Problem } from '@gatehouse/runtime';
import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Auth } from './auth.js';
import { config } from './config.js';
import { page } from './page.js';

const FORWARDED = ['authorization', 'x-client-ip'] as const;
const verification = z.strictObject({ token: z.string().min(1).max(2000) });
const reset = z.strictObject({ token: z.string().min(1).max(200), newPassword: z.string().min(12).max(128) });
const address = z.strictObject({ email: z.email().max(320) });
const credentials = z.strictObject({ email: z.email().max(320), password: z.string().min(1).max(128) });
const passwords = z.strictObject({ currentPassword: z.string().min(1).max(128), newPassword: z.string().min(12).max(128) });

/**
 * The ten routes of better-auth that are open; it has thirty more. The gateway's token is needed, but no user: who signs in is not known
 * yet, and a session handle comes as `authorization`.
 */
@Controller('auth')
@Access('anyone')
export class AuthController {
  private readonly log = log('auth');

  constructor(private readonly auth: Auth) {}

  @Get('jwks')
  @Access('anyone', { callers: [] }) // public keys: every verifier reads them
  async jwks(@Req() request: FastifyRequest): Promise<unknown> {
    return this.ask(request, 'GET', 'jwks');
  }

  /** The same answer for a new and for a taken address, also to the loser of two sign-ups at once. */
  @Post('sign-up/email')
  async signUp(
    @Req() request: FastifyRequest,
    @Body({ schema: signUp }) body: z.output<typeof signUp>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.ask(request, 'POST', 'sign-up/email', body).catch((error: unknown) => {
      if (!(error instanceof Problem && error.code.startsWith('user_already_exists'))) throw error;
    });
    if (isForm(request)) showPage(reply, 200, 'Almost there', 'We sent you a mail with a link. It confirms your address.');
    else void reply.status(200).send({ next: 'verify_email' });
  }

  /** Answers with the session handle, in a header that the gateway keeps to itself. */
  @Post('sign-in/email')
  @HttpCode(200)
  async signIn(
    @Req() request: FastifyRequest,
    @Body({ schema: credentials }) body: z.output<typeof credentials>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const answer = await this.send(request, 'POST', 'sign-in/email', body);
    const handle = answer.headers.get('set-auth-token');
    if (!handle) throw new Problem(500, 'internal');
    void reply.header('set-auth-token', handle);
    return { signedIn: true };
  }

  @Post('verify-email')
  async verifyEmail(
    @Req() request: FastifyRequest,
    @Body({ schema: verification }) { token }: z.output<typeof verification>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // The library verifies on GET, which is why its route is not open: mail scanners follow links.
    const verified = this.ask(request, 'GET', `verify-email?token=${encodeURIComponent(token)}`);
    await answerForm(request, reply, verified, 'Your e-mail address is confirmed. You can sign in now.');
  }

  @Post('send-verification-email')
  @HttpCode(200)
  async sendVerification(@Req() request: FastifyRequest, @Body({ schema: address }) body: z.output<typeof address>) {
    await this.ask(request, 'POST', 'send-verification-email', body);
    return { next: 'read_mail' };
  }

  @Post('request-password-reset')
  @HttpCode(200)
  async requestReset(@Req() request: FastifyRequest, @Body({ schema: address }) body: z.output<typeof address>) {
    await this.ask(request, 'POST', 'request-password-reset', body);
    return { next: 'read_mail' };
  }

  @Post('reset-password')
  async resetPassword(
    @Req() request: FastifyRequest,
    @Body({ schema: reset }) body: z.output<typeof reset>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await answerForm(request, reply, this.ask(request, 'POST', 'reset-password', body), 'Your password is changed. You can sign in now.');
  }

  @Post('change-password')
  @HttpCode(200)
  async changePassword(@Req() request: FastifyRequest, @Body({ schema: passwords }) body: z.output<typeof passwords>) {
    await this.ask(request, 'POST', 'change-password', body);
    return { changed: true };
  }

  @Post('access-token')
  @HttpCode(200)
  async accessToken(@Req() request: FastifyRequest): Promise<unknown> {
    return this.ask(request, 'POST', 'access-token', {});
  }

  @Post('sign-out')
  @HttpCode(204)
  async signOut(@Req() request: FastifyRequest): Promise<void> {
    await this.ask(request, 'POST', 'sign-out', {});
  }

  private async ask(request: FastifyRequest, method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    return (await this.send(request, method, path, body)).json();
  }

  private async send(request: FastifyRequest, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> {
    // The gateway has checked where the browser's request came from; the library wants an origin of its own list.
    const headers = new Headers({ origin: new URL(config.PUBLIC_URL).origin, 'content-type': 'application/json' });
    for (const name of FORWARDED) {
      const value = request.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    const url = `${config.PUBLIC_URL}/auth/${path}`;
    const asked = new Request(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const answer = await this.auth.handle(asked).catch((error: unknown) => {
      throw this.refusal(error);
    });
    if (answer.status >= 400) throw await refused(answer);
    return answer;
  }

  /** An unexpected error may quote a row with an address in it: only its code is kept. */
  private refusal(error: unknown): Problem {
    const { name, statusCode, body, code } = error as { name?: string; statusCode?: number; body?: unknown; code?: string };
    if (name === 'APIError' && statusCode && statusCode < 500) return problem(statusCode, body);
    this.log.error({ type: name, sqlState: code }, 'sign-in library failed');
    return new Problem(500, 'internal');
  }
}

/** A program gets JSON; a person who pressed the button of a page gets a page, also when the link is too old. */
async function answerForm(request: FastifyRequest, reply: FastifyReply, work: Promise<unknown>, done: string): Promise<void> {
  if (!isForm(request)) {
    await work;
    void reply.status(200).send({ next: 'sign_in' });
    return;
  }
  const failure: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!failure) return showPage(reply, 200, 'Done', done);
  if (!(failure instanceof Problem) || failure.getStatus() >= 500) throw failure;
  const why = 'It is used or too old. Sign in, or ask for a new password, and we send another.';
  showPage(reply, failure.getStatus(), 'This link does not work any more', why);
}

function isForm({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
}

function showPage(reply: FastifyReply, status: number, title: string, text: string): void {
  void reply
    .status(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(page(title, `<p>${text}</p><p><a href="/">Go on</a></p>`));
}

async function refused(answer: Response): Promise<Problem> {
  const wait = Number(answer.headers.get('x-retry-after') ?? answer.headers.get('retry-after'));
  return problem(answer.status, await answer.json().catch(() => ({})), wait || undefined);
}

function problem(status: number, body: unknown, retryAfterSeconds?: number): Problem {
  const { code, message } = (body ?? {}) as { code?: string; message?: string };
  if (status === 429)
    return new Problem(429, 'too_many_requests', 'Too many attempts. Try again later.', { retryAfterSeconds: retryAfterSeconds ?? 60 });
  const fallback = status === 401 ? 'unauthenticated' : 'auth_refused';
  return new Problem(status, code?.toLowerCase() ?? fallback, message);
}
