import { randomBytes } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PAGE_HEADERS } from '../html.js';
import type { Account } from './account.js';
import { findApp } from './catalogue/catalogue.js';
import { decide, openLink } from './connect-flow.js';
import { connectPage, consentPage, messagePage } from './link.pages.js';
import type { Link, Project } from './project.js';
import { Projects } from './projects.js';

export const IDENTITIES = ['work@example.com', 'home@example.com'];
const decideBody = z.object({
  decision: z.enum(['allow', 'deny', 'fail', 'leave']),
  identity: z.email().default('work@example.com'),
  /** Typed in by hand; it wins. A form sends it empty. */
  someone: z.union([z.literal(''), z.email()]).default(''),
});

interface OpenAttempt {
  project: Project;
  link: Link;
  account: Account;
  appName: string;
}

/** The hosted page: first Composio's, then what stands for the provider's consent page. No scripts; a keyboard is enough. */
@Controller()
export class LinkController {
  constructor(private readonly projects: Projects) {}

  @Get('link/:token')
  open(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const attempt = this.attempt(token);
    if (!attempt) return tooLate(reply);
    attempt.link.browser ??= randomBytes(16).toString('base64url');
    // The one who opened it first is the browser that it is bound to.
    if (!cookieOf(request, token))
      void reply.header('set-cookie', `${cookieName(token)}=${attempt.link.browser}; Path=/link/${token}; HttpOnly; SameSite=Lax`);
    return send(reply, connectPage(attempt.appName, token));
  }

  @Get('link/:token/consent')
  consent(@Param('token') token: string, @Res() reply: FastifyReply) {
    const attempt = this.attempt(token);
    return attempt ? send(reply, consentPage(attempt.appName, token, IDENTITIES)) : tooLate(reply);
  }

  /** A form comes from a browser and is bound to it; JSON is a test's hand. */
  @Post('link/:token/decide')
  @HttpCode(200)
  decide(@Param('token') token: string, @Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const parsed = decideBody.safeParse(body ?? {});
    if (!parsed.success) return send(reply, messagePage('That was not understood', 'Go back and choose again.'), 400);
    const attempt = this.attempt(token);
    if (!attempt) return tooLate(reply);
    const { project, link, account, appName } = attempt;
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    if (isForm && project.settings.sameBrowserBinding && cookieOf(request, token) !== link.browser) {
      link.decided = true;
      return refuseForeignBrowser(reply, account);
    }
    const { decision, identity, someone } = parsed.data;
    const next = decide(project, link, account, decision, someone || identity);
    if (next) return reply.redirect(next.href, 302);
    if (decision === 'leave') return send(reply, messagePage('You left', `${appName} was not connected. The link works until it expires.`));
    const words = decision === 'allow' ? 'is connected' : 'was not connected';
    return send(reply, messagePage('Done', `${appName} ${words}. You can close this page.`));
  }

  /** The entrance that legacy flows are given. */
  @Get('redirect/:account')
  redirect(@Param('account') id: string, @Res() reply: FastifyReply) {
    const project = this.projects.withAccount(id);
    const account = project?.accounts.live(id);
    const link = [...(project?.links.values() ?? [])].findLast(({ accountId }) => accountId === account?.id);
    return link ? reply.redirect(`/link/${link.token}`, 302) : tooLate(reply);
  }

  private attempt(token: string): OpenAttempt | null {
    const project = this.projects.withLink(token);
    const link = project?.links.get(token);
    const account = project && link ? openLink(project, link) : null;
    return project && link && account ? { project, link, account, appName: findApp(account.app)?.name ?? account.app } : null;
  }
}

const cookieName = (token: string): string => `sandbox_${token}`;

const cookieOf = (request: FastifyRequest, token: string): string | null => {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${cookieName(token)}=`))?.slice(cookieName(token).length + 1) ?? null;
};

const send = (reply: FastifyReply, body: string, status = 200) => reply.status(status).headers(PAGE_HEADERS).send(body);

const tooLate = (reply: FastifyReply) =>
  send(
    reply,
    messagePage('This link has expired', 'It was used already, or is older than ten minutes. Go back and start connecting again.'),
    410,
  );

function refuseForeignBrowser(reply: FastifyReply, account: Account) {
  if (!account.callbackUrl) return send(reply, messagePage('Another browser', 'This was started in another browser.'), 403);
  const url = new URL(account.callbackUrl);
  url.searchParams.set('status', 'failed');
  url.searchParams.set('error', 'browser_mismatch');
  return reply.redirect(url.href, 302);
}
