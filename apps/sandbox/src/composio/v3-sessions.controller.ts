import { Body, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { shortId } from './account.js';
import { type ApiCall, Call, ComposioApi } from './api-calls.js';
import { APPS, findTool } from './catalogue/catalogue.js';
import { startAttempt } from './connect-flow.js';
import { ComposioError, noSuchApp, noSuchTool } from './errors.js';
import { executeTool } from './execute-tool.js';
import { Origin } from './origin.js';
import { paginate } from './pages.js';
import { parse } from './parse.js';
import type { Project, ToolSession } from './project.js';
import { presentTool } from './v3.presenter.js';

const META_TOOLS = ['COMPOSIO_SEARCH_TOOLS', 'COMPOSIO_MULTI_EXECUTE_TOOL', 'COMPOSIO_MANAGE_CONNECTIONS'];

const pins = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]));
const createBody = z.object({
  user_id: z.string().min(1),
  toolkits: z.union([z.object({ enable: z.array(z.string()) }), z.array(z.string())]).optional(),
  connected_accounts: pins.default({}),
});
const linkBody = z.object({ toolkit: z.string(), callback_url: z.url().optional() });
const executeBody = z.object({ tool_slug: z.string(), arguments: z.record(z.string(), z.unknown()).default({}) });

/** Sessions choose accounts themselves, and any holder of the key can resume one. Here so that both SDKs can be exercised whole. */
@ComposioApi('api/v3.1/tool_router/session', 'api/v3/tool_router/session')
export class V3SessionsController {
  constructor(private readonly origin: Origin) {}

  @Post()
  create(@Call() { project }: ApiCall, @Body() body: unknown, @Req() request: FastifyRequest) {
    const { user_id, toolkits, connected_accounts } = parse(createBody, body);
    const enabled = Array.isArray(toolkits) ? toolkits : toolkits?.enable;
    const session: ToolSession = {
      id: shortId('trs'),
      userId: user_id,
      apps: enabled?.map((app) => app.toLowerCase()) ?? APPS.map(({ slug }) => slug),
      pins: new Map(Object.entries(connected_accounts).map(([app, given]) => [app.toLowerCase(), [given].flat()[0] ?? ''])),
    };
    refuseForeignPins(project, session);
    project.toolSessions.set(session.id, session);
    return this.present(session, request);
  }

  @Get(':id')
  get(@Call() { project }: ApiCall, @Param('id') id: string, @Req() request: FastifyRequest) {
    return this.present(sessionOf(project, id), request);
  }

  @Get(':id/tools')
  tools(@Call() { project }: ApiCall, @Param('id') id: string, @Query() query: Record<string, unknown>) {
    const { apps } = sessionOf(project, id);
    const rows = APPS.filter(({ slug }) => apps.includes(slug)).flatMap((app) => app.tools.map((tool) => ({ tool, app })));
    const page = paginate(project, 'tools', rows, query, ({ tool }) => tool.slug);
    return { ...page, items: page.items.map(({ tool, app }) => presentTool(tool, app)) };
  }

  @Get(':id/toolkits')
  toolkits(@Call() { project }: ApiCall, @Param('id') id: string, @Query() query: Record<string, unknown>) {
    const session = sessionOf(project, id);
    const rows = APPS.filter(({ slug }) => session.apps.includes(slug));
    const page = paginate(project, 'toolkits', rows, query, ({ slug }) => slug);
    const present = ({ slug, name }: (typeof rows)[number]) => {
      const account = accountIn(project, session, slug);
      return {
        slug,
        name,
        enabled: true,
        is_no_auth: false,
        meta: {},
        connected_account: account ? { id: account, status: 'ACTIVE' } : null,
      };
    };
    return { ...page, items: page.items.map(present) };
  }

  @Post(':id/link')
  link(@Call() { project }: ApiCall, @Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    const session = sessionOf(project, id);
    const { toolkit, callback_url } = parse(linkBody, body);
    const config = project.authConfigs.find(({ app, enabled }) => enabled && app === toolkit.toLowerCase());
    if (!config) throw noSuchApp(toolkit);
    const { account, link } = startAttempt(project, { config, owner: session.userId, callbackUrl: callback_url ?? null, via: 'link' });
    return {
      link_token: link.token,
      redirect_url: `${this.origin.of(request)}/link/${link.token}`,
      expires_at: new Date(link.expiresAt).toISOString(),
      connected_account_id: account.id,
    };
  }

  /** One dead or foreign pin fails the whole session. */
  @Post(':id/execute')
  @HttpCode(200)
  execute(@Call() call: ApiCall, @Param('id') id: string, @Body() body: unknown) {
    const session = sessionOf(call.project, id);
    const { tool_slug, arguments: given } = parse(executeBody, body);
    refuseForeignPins(call.project, session);
    const found = findTool(tool_slug);
    if (!found) throw noSuchTool(tool_slug);
    const accountId = accountIn(call.project, session, found.app.slug);
    if (!accountId) throw new ComposioError(400, 4302, 'ToolRouterV2_NoActiveConnection', `No active connection for ${found.app.slug}`);
    const run = { slug: tool_slug, accountId, userId: session.userId, arguments: given, version: undefined };
    const { data, error, logId } = executeTool(call, run);
    return { data, error, log_id: logId };
  }

  private present(session: ToolSession, request: FastifyRequest): object {
    return {
      session_id: session.id,
      mcp: { type: 'http', url: `${this.origin.of(request)}/api/v3.1/tool_router/${session.id}/mcp` },
      tool_router_tools: META_TOOLS,
      config: { user_id: session.userId, toolkits: { enable: session.apps } },
    };
  }
}

function sessionOf(project: Project, id: string): ToolSession {
  const session = project.toolSessions.get(id);
  if (!session) throw new ComposioError(404, 4301, 'ToolRouterV2_SessionNotFound', `Session ${id} not found`);
  return session;
}

function refuseForeignPins(project: Project, { pins: pinned, userId }: ToolSession): void {
  for (const id of pinned.values()) {
    const account = project.accounts.live(id);
    if (account?.owner === userId && account.status === 'ACTIVE') continue;
    throw new ComposioError(400, 4306, 'ToolRouterV2_InvalidConnectedAccount', `Connected account ${id} cannot be used in this session`);
  }
}

function accountIn(project: Project, { userId, pins: pinned }: ToolSession, app: string): string | undefined {
  return pinned.get(app) ?? project.accounts.select({ owners: [userId], apps: [app], statuses: ['ACTIVE'] }).at(-1)?.id;
}
