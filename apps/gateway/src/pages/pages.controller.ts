import { openApi } from '@gatehouse/contracts/generate';
import { Access, CONFIG } from '@gatehouse/runtime';
import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { Sessions } from '../sessions/sessions.js';
import { escapeHtml, page } from './page.js';

const signedOut = `<h2>Sign in</h2>
<form method="post" action="/auth/sign-in"><label>E-mail<input type="email" name="email" autocomplete="username" required></label>
<label>Password<input type="password" name="password" autocomplete="current-password" required></label><button>Sign in</button></form>
<h2>Sign up</h2>
<form method="post" action="/auth/sign-up/email"><label>Name<input name="name" autocomplete="name" maxlength="200" required></label>
<label>E-mail<input type="email" name="email" autocomplete="username" required></label>
<label>Password, at least 12 characters<input type="password" name="password" minlength="12" maxlength="128" autocomplete="new-password" required></label>
<button>Sign up</button></form><p>A mail with a link follows; in the local stack the sandbox catches it.</p>`;
const signedIn = `<p>You are signed in.</p><form method="post" action="/auth/sign-out"><button>Sign out</button></form>`;

/** Signing in by hand, with curl's cookie jar; a product's own frontend sends an access token instead. */
const commands = (url: string) => `<pre>curl -c jar ${url}/auth/sign-in -H "origin: ${url}" -H "content-type: application/json" \\
  -d '{"email":"you@example.com","password":"…"}'
alias gate='curl -b jar -H "origin: ${url}" -H "content-type: application/json"'
gate ${url}/v1/connections -d '{"app":"slack"}'   # open the connectUrl in a browser that is signed in here
gate ${url}/v1/connections
gate ${url}/v1/runs -d '{"input":"post hello to #general on Slack","apps":{"required":["slack"]}}'
gate -N ${url}/v1/stream</pre>`;

/** The start page, until a web app takes its place, and every route in OpenAPI 3.1. */
@Controller()
@Access('anyone', { callers: [] })
export class PagesController {
  private readonly document = openApi();

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly sessions: Sessions,
  ) {}

  @Get('openapi.json')
  openApi(): object {
    return this.document;
  }

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  async start(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const token = await this.sessions.token(request, reply);
    const url = escapeHtml(this.config.PUBLIC_URL);
    const door = this.config.AUTH_MODE === 'oidc' ? '<p><a href="/auth/sign-in">Sign in</a></p>' : signedOut;
    return page(
      'Gatehouse',
      `<p>Every user’s own integrations, and the gate in front of every agent run.</p>${token ? signedIn : door}
<h2>Over HTTP</h2><p>Every route: <a href="/openapi.json">openapi.json</a>.</p>${commands(url)}`,
    );
  }

  /** Where messages and connect pages link to. Without a web app it says what stands behind it, instead of an error that nobody can read. */
  @Get(['settings/integrations', 'settings/integrations/:app', 'runs/:id', 'approvals', 'inbox'])
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  later(): string {
    const url = escapeHtml(this.config.PUBLIC_URL);
    return page(
      'Not in this version yet',
      `<p>This page comes with the web app. Until then the same is there over HTTP, signed in:</p>
<ul><li>connections: <code>${url}/v1/connections</code></li><li>runs: <code>${url}/v1/runs</code></li>
<li>what waits for your approval: <code>${url}/v1/approvals</code></li><li>messages: <code>${url}/v1/inbox</code></li></ul>
<p><a href="/">To the start page</a>, which shows how.</p>`,
    );
  }
}
