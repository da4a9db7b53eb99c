import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Account, STATUSES, shortId } from './account.js';
import type { AccountQuery } from './account-store.js';
import type { Order } from './account-view.js';
import { type ApiCall, Call, ComposioApi } from './api-calls.js';
import { completeAuth, startAttempt } from './connect-flow.js';
import { badRequest, noSuchAccount, noSuchAuthConfig } from './errors.js';
import { Origin } from './origin.js';
import { csv, paginate } from './pages.js';
import { parse } from './parse.js';
import type { Project } from './project.js';
import { Projects } from './projects.js';
import { revoke } from './revoke.js';
import { presentAccount } from './v3.presenter.js';

type Asked = Record<string, unknown>;

const linkBody = z.object({
  auth_config_id: z.string(),
  user_id: z.string(),
  callback_url: z.url().optional(),
  alias: z.string().optional(),
});
const createBody = z.object({
  auth_config: z.object({ id: z.string() }),
  connection: z.object({ user_id: z.string().default('default'), callback_url: z.url().optional() }).default({ user_id: 'default' }),
});
const completeBody = z.object({ session_uri: z.string().min(1).max(512), user_id: z.string().min(1) });

@ComposioApi('api/v3.1/connected_accounts', 'api/v3/connected_accounts')
export class V3AccountsController {
  constructor(
    private readonly projects: Projects,
    private readonly origin: Origin,
  ) {}

  @Post('link')
  link(@Call() { project }: ApiCall, @Body() body: unknown, @Req() request: FastifyRequest) {
    const wish = parse(linkBody, body);
    const config = project.authConfig(wish.auth_config_id);
    if (!config) throw noSuchAuthConfig(wish.auth_config_id);
    const { account, link } = startAttempt(project, {
      config,
      owner: wish.user_id,
      callbackUrl: wish.callback_url ?? null,
      alias: wish.alias ?? null,
      via: 'link',
    });
    return {
      link_token: link.token,
      redirect_url: `${this.origin.of(request)}/link/${link.token}`,
      expires_at: new Date(link.expiresAt).toISOString(),
      connected_account_id: account.id,
    };
  }

  /** Retired for managed OAuth; custom OAuth apps still start here. */
  @Post()
  create(@Call() { project }: ApiCall, @Body() body: unknown, @Req() request: FastifyRequest) {
    const { auth_config, connection } = parse(createBody, body);
    const config = project.authConfig(auth_config.id);
    if (!config) throw noSuchAuthConfig(auth_config.id);
    if (config.managed) {
      throw badRequest(
        'Creating connections on this endpoint for Composio-managed OAuth auth configs is no longer supported. Use POST /api/v3/connected_accounts/link instead.',
      );
    }
    const callbackUrl = connection.callback_url ?? null;
    const { account, link } = startAttempt(project, { config, owner: connection.user_id, callbackUrl, via: 'initiate' });
    const redirectUrl = `${this.origin.of(request)}/link/${link.token}`;
    return {
      id: account.id,
      connectionData: { authScheme: config.scheme, val: { status: account.status, redirectUrl } },
      status: account.status,
      redirect_url: redirectUrl,
    };
  }

  @Post('complete_auth')
  @HttpCode(200)
  complete(@Call() { project }: ApiCall, @Body() body: unknown) {
    const { session_uri, user_id } = parse(completeBody, body);
    const account = completeAuth(this.projects, project, session_uri, user_id);
    return { connected_account_id: account.id, toolkit_slug: account.app };
  }

  @Get()
  list(@Call() { project }: ApiCall, @Query() query: Asked) {
    const order = orderOf(query);
    const rows = project.accounts.select(filterOf(query), order);
    const page = paginate(project, 'connected_accounts', rows, query, sortKey(order));
    return { ...page, items: page.items.map((account) => presentAccount(project, account)) };
  }

  @Get(':id')
  get(@Call() { project }: ApiCall, @Param('id') id: string) {
    return presentAccount(project, liveAccount(project, id));
  }

  @Delete(':id')
  remove(@Call() { project }: ApiCall, @Param('id') id: string, @Query('revoke_on_delete') revokeOnDelete?: string) {
    const account = liveAccount(project, id);
    project.accounts.change(account, { deleted: true }, project.clock.now());
    return { success: true, ...(revokeOnDelete === 'true' ? { revoke_job_id: shortId('rj') } : {}) };
  }

  @Post(':id/revoke')
  @HttpCode(200)
  revoke(@Call() { project }: ApiCall, @Param('id') id: string) {
    const account = liveAccount(project, id);
    const revokedTokens = revoke(project, account);
    return { revoked_tokens: revokedTokens, connected_account: { id: account.id, status: account.status } };
  }

  /** As reported of the real one: it refreshes nothing, and turns ACTIVE into INITIATED. */
  @Post(':id/refresh')
  @HttpCode(200)
  refresh(@Call() { project }: ApiCall, @Param('id') id: string) {
    const account = liveAccount(project, id);
    project.setStatus(account, 'INITIATED');
    return { id: account.id, status: account.status, redirect_url: null };
  }

  @Patch(':id/status')
  switch(@Call() { project }: ApiCall, @Param('id') id: string, @Body() body: unknown) {
    const { enabled } = parse(z.object({ enabled: z.boolean() }), body);
    const account = liveAccount(project, id);
    project.accounts.change(account, { isDisabled: !enabled }, project.clock.now());
    if (account.status === 'ACTIVE' || account.status === 'INACTIVE') project.setStatus(account, enabled ? 'ACTIVE' : 'INACTIVE');
    return { success: true };
  }
}

function liveAccount(project: Project, id: string): Account {
  const account = project.accounts.live(id);
  if (!account) throw noSuchAccount(id);
  return account;
}

function filterOf(query: Asked): AccountQuery {
  const statuses = csv(query.statuses);
  const unknown = statuses?.find((status) => !(STATUSES as readonly string[]).includes(status));
  if (unknown) throw badRequest(`Invalid status "${unknown}"`, 'Validation_InvalidStatus', 400);
  const sharing = csv(query.account_type)?.[0];
  return {
    owners: csv(query.user_ids),
    statuses,
    apps: csv(query.toolkit_slugs)?.map((slug) => slug.toLowerCase()),
    authConfigIds: csv(query.auth_config_ids),
    ids: csv(query.connected_account_ids),
    sharing: sharing === 'ALL' || sharing === 'SHARED' ? sharing : 'PRIVATE',
  };
}

const orderOf = (query: Asked): Order => ({
  by: query.order_by === 'updated_at' ? 'updatedAt' : 'createdAt',
  descending: query.order_direction === 'desc',
});
const sortKey =
  ({ by }: Order) =>
  (account: Account) =>
    `${String(account[by]).padStart(15, '0')}${account.id}`;
