import { Body, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Account, shortId } from './account.js';
import { type ApiCall, Call, ComposioApi } from './api-calls.js';
import { APPS, findApp, findTool, tagsOf } from './catalogue/catalogue.js';
import { restartAttempt, startAttempt } from './connect-flow.js';
import { ComposioError, noSuchAccount, noSuchApp, noSuchAuthConfig, noSuchTool } from './errors.js';
import { executeTool } from './execute-tool.js';
import { legacyAccount, legacyAction, legacyApp, legacyPage } from './legacy.presenter.js';
import { Origin } from './origin.js';
import { csv } from './pages.js';
import { parse } from './parse.js';
import type { Project } from './project.js';

type Asked = Record<string, unknown>;

const initiateBody = z.object({
  app: z.object({ uniqueKey: z.string().optional(), integrationId: z.string().optional() }).default({}),
  connection: z.object({
    entityId: z.string().default('default'),
    extra: z.object({ redirectURL: z.url().optional() }).optional(),
  }),
});
const executeBody = z.object({
  connectedAccountId: z.string().optional(),
  input: z.record(z.string(), z.unknown()).default({}),
  appName: z.string().optional(),
});

const reinitiateBody = z.object({ redirectUri: z.url().optional() });

/** What is left of v1 and v2. Names, misspellings and pages are theirs. */
@ComposioApi('api')
export class LegacyController {
  constructor(private readonly origin: Origin) {}

  @Get('v1/apps')
  apps() {
    return { items: APPS.map(legacyApp) };
  }

  @Get('v1/apps/:key')
  app(@Param('key') key: string) {
    const app = findApp(key);
    if (!app) throw noSuchApp(key);
    return legacyApp(app);
  }

  @Get('v2/actions')
  actions(@Query() query: Asked) {
    const names = csv(query.actions)?.map((name) => name.toUpperCase());
    const apps = csv(query.apps ?? query.appNames)?.map((name) => name.toLowerCase());
    const tags = csv(query.tags);
    const words = typeof query.useCase === 'string' ? query.useCase.toLowerCase().split(/\s+/) : [];
    const rows = APPS.filter(({ slug }) => !apps || apps.includes(slug)).flatMap((app) =>
      app.tools
        .filter((tool) => (names ? names.includes(tool.slug) : !tool.withdrawn))
        .filter((tool) => !tags || tagsOf(tool).some((tag) => tags.includes(tag)))
        .filter((tool) => words.every((word) => `${tool.slug} ${tool.description}`.toLowerCase().includes(word)))
        .map((tool) => legacyAction(tool, app)),
    );
    return { items: rows, page: 1, totalPages: 1 };
  }

  @Get('v2/actions/:name')
  action(@Param('name') name: string) {
    const found = findTool(name);
    if (!found) throw noSuchTool(name);
    return legacyAction(found.tool, found.app);
  }

  /** No user is named here: whose account it was can only be written down, not refused. */
  @Post('v2/actions/:name/execute')
  @HttpCode(200)
  execute(@Call() call: ApiCall, @Param('name') slug: string, @Body() body: unknown) {
    const { connectedAccountId, input } = parse(executeBody, body);
    const outcome = executeTool(call, { slug, accountId: connectedAccountId, userId: null, arguments: input, version: undefined });
    return {
      data: outcome.data,
      error: outcome.error,
      successfull: outcome.successful,
      successful: outcome.successful,
      logId: outcome.logId,
    };
  }

  @Post('v2/connectedAccounts/initiateConnection')
  @HttpCode(200)
  initiate(@Call() { project }: ApiCall, @Body() body: unknown, @Req() request: FastifyRequest) {
    const { app, connection } = parse(initiateBody, body);
    const config =
      project.authConfig(app.integrationId) ?? project.authConfigs.find((candidate) => candidate.app === app.uniqueKey?.toLowerCase());
    if (!config) throw noSuchAuthConfig(app.integrationId ?? app.uniqueKey ?? '');
    const callbackUrl = connection.extra?.redirectURL ?? null;
    const { account } = startAttempt(project, { config, owner: connection.entityId, callbackUrl, via: 'legacy' });
    return {
      connectionResponse: {
        connectionStatus: account.status,
        connectedAccountId: account.uuid,
        redirectUrl: `${this.origin.of(request)}/redirect/${account.uuid}`,
      },
      integrationId: config.uuid,
    };
  }

  @Get('v1/connectedAccounts')
  accounts(@Call() { project }: ApiCall, @Query() query: Asked) {
    const integration = csv(query.integrationId)?.[0];
    const rows = project.accounts.select({
      owners: csv(query.user_uuid ?? query.entityId),
      apps: csv(query.appNames)?.map((name) => name.toLowerCase()),
      statuses: query.showActiveOnly === 'true' ? ['ACTIVE'] : csv(query.status),
      authConfigIds: integration ? [project.authConfig(integration)?.id ?? integration] : undefined,
      sharing: 'ALL',
    });
    return legacyPage(project, rows, query, (account) => legacyAccount(project, account));
  }

  @Get('v1/connectedAccounts/:id')
  account(@Call() { project }: ApiCall, @Param('id') id: string) {
    const account = liveAccount(project, id);
    return legacyAccount(project, account);
  }

  @Delete('v1/connectedAccounts/:id')
  removeAccount(@Call() { project }: ApiCall, @Param('id') id: string) {
    const account = liveAccount(project, id);
    project.accounts.change(account, { deleted: true }, project.clock.now());
    return { status: 'success', count: 1 };
  }

  /** In place, as there: whatever the account was, it is INITIATED again. */
  @Post('v1/connectedAccounts/:id/reinitiate')
  @HttpCode(200)
  reinitiate(@Call() { project }: ApiCall, @Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    const { redirectUri } = parse(reinitiateBody, body);
    const account = liveAccount(project, id);
    restartAttempt(project, account, redirectUri ?? account.callbackUrl);
    return {
      connectionStatus: account.status,
      connectedAccountId: account.uuid,
      redirectUrl: `${this.origin.of(request)}/redirect/${account.uuid}`,
    };
  }

  @Post('v1/connectedAccounts/:id/:deed')
  @HttpCode(200)
  switch(@Call() { project }: ApiCall, @Param('id') id: string, @Param('deed') deed: string) {
    if (deed !== 'enable' && deed !== 'disable') throw new ComposioError(404, 404, null, 'Route not found');
    const account = liveAccount(project, id);
    project.accounts.change(account, { isDisabled: deed === 'disable' }, project.clock.now());
    return { status: 'success' };
  }

  @Get('v1/client/auth/client_info')
  clientInfo(@Call() { project }: ApiCall) {
    return { client: { id: `client_${project.name}` } };
  }

  @Post('v1/triggers/enable/:account/:trigger')
  @HttpCode(200)
  enableTrigger() {
    return { triggerId: shortId('tr'), status: 'success' };
  }
}

function liveAccount(project: Project, id: string): Account {
  const account = project.accounts.live(id);
  if (!account) throw noSuchAccount(id);
  return account;
}
