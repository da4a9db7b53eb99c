import { appName, completeRequest } from '@gatehouse/contracts';
import { Access, log, type Principal, Problem, SignedIn, type SignedInRequest } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { config } from '../config.js';
import { Account } from '../connections/account.entity.js';
import { browserHash, sha256 } from './browser-secret.js';
import { CompleteConnection } from './complete-connection.js';
import { DeclineAttempt } from './decline-attempt.js';
import { type CallbackPage, pages, render } from './pages.js';
import { Redemption } from './redemption.entity.js';

const { PUBLIC_URL } = config;
const callback = log('callback');

/** The browser is back. Every way ends on a page for people; looking at one connects nothing. */
@Controller('connect')
@Access('anyone')
export class CallbackController {
  constructor(
    private readonly em: EntityManager,
    private readonly completeConnection: CompleteConnection,
    private readonly declineAttempt: DeclineAttempt,
  ) {}

  @Get('verify')
  async verify(
    @SignedIn() user: Principal,
    @Query() query: Record<string, unknown>,
    @Req() request: SignedInRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const session = completeRequest.safeParse({ sessionUri: query.session_uri });
    const secret = browserHash(request.headers.cookie);
    if (!session.success) {
      const account = query.connected_account_id;
      const named = typeof account === 'string' ? account : undefined;
      const declines = declined(query) && user.kind === 'user' && secret;
      return show(reply, withoutSession(query, declines ? await this.declineAttempt.execute(user.id, secret, named) : undefined));
    }
    const { sessionUri } = session.data;
    if (user.kind !== 'user') return show(reply, pages.signIn(PUBLIC_URL));
    return show(reply, await this.returnPage(user.id, sessionUri, secret).catch(pageOfError));
  }

  @Post('complete')
  @HttpCode(200)
  async complete(@SignedIn() user: Principal, @Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const request = completeRequest.safeParse(body);
    if (!request.success) return show(reply, pages.unreadable(PUBLIC_URL));
    const { sessionUri } = request.data;
    if (user.kind !== 'user') return show(reply, pages.signIn(PUBLIC_URL));
    return show(reply, await this.finish(user.id, sessionUri));
  }

  /** A browser that holds the secret of an open attempt of this very user goes on by itself; any other person is asked first. */
  private async returnPage(userId: string, sessionUri: string, secret: string | undefined): Promise<CallbackPage> {
    if (await this.redeemed(userId, sessionUri)) return pages.alreadyUsed(PUBLIC_URL);
    const open = await this.em.find(Account, { userId, state: 'pending', expiresAt: { $gt: new Date() } });
    if (!open.length) return pages.notYou(PUBLIC_URL);
    const left = secret && open.find((attempt) => attempt.browserHash === secret);
    if (left) return pages.finishing(sessionUri, left.connectionId);
    const names = [...new Set(open.map(({ app }) => appName(app)))].join(' or ');
    return pages.confirm(PUBLIC_URL, sessionUri, names, userId);
  }

  private async finish(userId: string, sessionUri: string): Promise<CallbackPage> {
    try {
      const { id, app } = await this.completeConnection.execute({ userId, sessionUri });
      return pages.connected(PUBLIC_URL, appName(app), id);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'connect_session_gone') return pageOfError(error);
      return (await this.redeemed(userId, sessionUri)) ? pages.alreadyUsed(PUBLIC_URL) : pages.expired(PUBLIC_URL);
    }
  }

  private async redeemed(userId: string, sessionUri: string): Promise<boolean> {
    return !!(await this.em.findOne(Redemption, { userId, sessionHash: sha256(sessionUri), outcome: 'accepted' }));
  }
}

const statusOf = (query: Record<string, unknown>) => query.status ?? query.connectionStatus;
const declined = (query: Record<string, unknown>) => query.error !== undefined || statusOf(query) === 'failed';

function withoutSession(query: Record<string, unknown>, connectionId?: string): CallbackPage {
  if (declined(query)) return pages.declined(PUBLIC_URL, connectionId);
  if (statusOf(query) === 'success' && config.CONNECT_UNVERIFIED) return pages.checking(PUBLIC_URL);
  return pages.unreadable(PUBLIC_URL);
}

function pageOfError(error: unknown): CallbackPage {
  const code = error instanceof Problem ? error.code : undefined;
  if (code === 'identity_mismatch') return pages.notYou(PUBLIC_URL);
  if (code === 'connect_checking') return pages.checking(PUBLIC_URL);
  if (!code) callback.error({ err: error }, 'a returning browser could not be served');
  return pages.trouble(PUBLIC_URL);
}

function show(reply: FastifyReply, page: CallbackPage): string {
  const { html, headers } = render(page);
  reply.status(page.status).headers(headers);
  return html;
}
