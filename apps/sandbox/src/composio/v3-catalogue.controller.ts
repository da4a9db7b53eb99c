import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { type ApiCall, Call, ComposioApi } from './api-calls.js';
import { APPS, findApp, findTool } from './catalogue/catalogue.js';
import type { App } from './catalogue/tool.js';
import { noSuchApp, noSuchAuthConfig, noSuchTool } from './errors.js';
import { executeTool } from './execute-tool.js';
import { csv, paginate } from './pages.js';
import { parse } from './parse.js';
import { presentApp, presentAppInFull, presentAuthConfig, presentTool } from './v3.presenter.js';

type Asked = Record<string, unknown>;

const configBody = z.object({
  toolkit: z.object({ slug: z.string() }),
  auth_config: z
    .object({
      type: z.enum(['use_composio_managed_auth', 'use_custom_auth']).default('use_composio_managed_auth'),
      name: z.string().optional(),
      authScheme: z.string().optional(),
      auth_scheme: z.string().optional(),
    })
    .default({ type: 'use_composio_managed_auth' }),
});
const executeBody = z.object({
  user_id: z.string().min(1),
  connected_account_id: z.string().optional(),
  arguments: z.record(z.string(), z.unknown()).default({}),
  version: z.string().optional(),
});

@ComposioApi('api/v3.1', 'api/v3')
export class V3CatalogueController {
  @Get('auth_configs')
  authConfigs(@Call() { project }: ApiCall, @Query() query: Asked) {
    const apps = csv(query.toolkit_slug);
    const rows = project.authConfigs.filter(({ app }) => !apps || apps.includes(app));
    const page = paginate(project, 'auth_configs', rows, query, ({ id }) => id);
    return { ...page, items: page.items.map((config) => presentAuthConfig(project, config)) };
  }

  @Post('auth_configs')
  addAuthConfig(@Call() { project }: ApiCall, @Body() body: unknown) {
    const { toolkit, auth_config } = parse(configBody, body);
    const app = findApp(toolkit.slug);
    if (!app) throw noSuchApp(toolkit.slug);
    const { id, scheme, managed } = project.addAuthConfig({
      app: app.slug,
      name: auth_config.name ?? `${app.name} (${auth_config.type})`,
      scheme: auth_config.authScheme ?? auth_config.auth_scheme ?? 'OAUTH2',
      managed: auth_config.type === 'use_composio_managed_auth',
    });
    return { toolkit: { slug: app.slug }, auth_config: { id, auth_scheme: scheme, is_composio_managed: managed } };
  }

  @Get('auth_configs/:id')
  authConfig(@Call() { project }: ApiCall, @Param('id') id: string) {
    const config = project.authConfig(id);
    if (!config) throw noSuchAuthConfig(id);
    return presentAuthConfig(project, config);
  }

  @Get('toolkits')
  toolkits(@Call() { project }: ApiCall, @Query() query: Asked) {
    const words = typeof query.search === 'string' ? query.search.toLowerCase() : '';
    const category = typeof query.category === 'string' ? query.category.toLowerCase() : '';
    const rows = APPS.filter(
      (app) =>
        (app.slug.includes(words) || app.name.toLowerCase().includes(words)) && (!category || app.category.toLowerCase() === category),
    );
    const page = paginate(project, 'toolkits', rows, query, ({ slug }) => slug);
    return { ...page, items: page.items.map(presentApp) };
  }

  @Get('toolkits/:slug')
  toolkit(@Param('slug') slug: string) {
    const app = findApp(slug);
    if (!app) throw noSuchApp(slug);
    return presentAppInFull(app);
  }

  @Get('tools')
  tools(@Call() { project }: ApiCall, @Query() query: Asked) {
    const page = paginate(project, 'tools', toolRows(query), query, ({ tool }) => tool.slug);
    return { ...page, items: page.items.map(({ tool, app }) => presentTool(tool, app)) };
  }

  @Get('tools/:slug')
  tool(@Param('slug') slug: string) {
    const found = findTool(slug);
    if (!found) throw noSuchTool(slug);
    return presentTool(found.tool, found.app);
  }

  @Post('tools/execute/:slug')
  @HttpCode(200)
  execute(@Call() call: ApiCall, @Param('slug') slug: string, @Body() body: unknown) {
    const { user_id, connected_account_id, arguments: given, version } = parse(executeBody, body);
    const { logId, ...outcome } = executeTool(call, { slug, accountId: connected_account_id, userId: user_id, arguments: given, version });
    return { ...outcome, log_id: logId, session_info: null };
  }
}

/** A tool that is asked for by name is told of even when it is withdrawn; a list of an app's tools is of those that work. */
function toolRows(query: Asked): { tool: App['tools'][number]; app: App }[] {
  const names = csv(query.tool_slugs);
  if (names) return names.map((name) => findTool(name)).filter((found) => found !== undefined);
  const apps = csv(query.toolkit_slug);
  const words = [query.query, query.search].find((value) => typeof value === 'string')?.toLowerCase() ?? '';
  return APPS.filter(({ slug }) => !apps || apps.includes(slug)).flatMap((app) =>
    app.tools
      .filter((tool) => !tool.withdrawn && (query.important !== 'true' || tool.kind !== 'destructive'))
      .filter((tool) => `${tool.slug} ${tool.description}`.toLowerCase().includes(words))
      .map((tool) => ({ tool, app })),
  );
}
