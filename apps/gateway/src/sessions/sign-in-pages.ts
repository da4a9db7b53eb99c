import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookie, cookies, setCookie } from '../access/cookies.js';
import { page } from '../pages/page.js';
import { Box } from './box.js';

const AWAY_SECONDS = 600;

/** Signing in on the way to somewhere: where to is kept sealed, since the address may hold a secret (`session_uri`). */
@Injectable()
export class SignInPages {
  constructor(private readonly box: Box) {}

  /** Sends a signed-out browser to sign in. */
  async first(request: FastifyRequest, reply: FastifyReply): Promise<undefined> {
    setCookie(reply, cookies.signIn, await this.box.seal({ path: request.url }, 'return', AWAY_SECONDS), AWAY_SECONDS);
    await reply.header('cache-control', 'no-store').redirect('/auth/sign-in', 303);
  }

  /** Where the browser was going; our own start page when it was going nowhere. */
  async wayBack(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const { path } = (await this.box.open(cookie(request, cookies.signIn), 'return')) ?? {};
    setCookie(reply, cookies.signIn, '', 0);
    return typeof path === 'string' && /^\/[^/\\]/.test(path) ? path : '/';
  }

  form(refusal = ''): string {
    return page(
      'Sign in',
      `${refusal && `<p role="alert">${refusal}</p>`}
<form method="post" action="/auth/sign-in"><label>E-mail<input type="email" name="email" autocomplete="username" required></label>
<label>Password<input type="password" name="password" autocomplete="current-password" required></label><button>Sign in</button></form>
<p><a href="/">Start page</a></p>`,
    );
  }
}
