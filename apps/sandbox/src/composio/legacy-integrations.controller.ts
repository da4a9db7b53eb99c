import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { shortId } from './account.js';
import { type ApiCall, Call, ComposioApi } from './api-calls.js';
import { findApp } from './catalogue/catalogue.js';
import { noSuchApp, noSuchAuthConfig } from './errors.js';
import { legacyIntegration, legacyPage } from './legacy.presenter.js';
import { csv } from './pages.js';
import { parse } from './parse.js';
import type { AuthConfig, Project } from './project.js';

const createBody = z.object({
  app: z.object({ uniqueKey: z.string() }),
  config: z.object({ name: z.string().optional(), useComposioAuth: z.boolean().default(true), authScheme: z.string().optional() }).default({
    useComposioAuth: true,
  }),
});

/** Auth configs, by their older name and under their older ids. */
@ComposioApi('api')
export class LegacyIntegrationsController {
  @Get('v1/integrations')
  list(@Call() { project }: ApiCall, @Query() query: Record<string, unknown>) {
    const app = csv(query.appName)?.[0]?.toLowerCase();
    const rows = project.authConfigs.filter((config) => !app || config.app === app);
    return legacyPage(project, rows, query, legacyIntegration);
  }

  @Get('v1/integrations/:id')
  get(@Call() { project }: ApiCall, @Param('id') id: string) {
    return legacyIntegration(configOf(project, id));
  }

  @Delete('v1/integrations/:id')
  remove(@Call() { project }: ApiCall, @Param('id') id: string) {
    const config = configOf(project, id);
    project.authConfigs = project.authConfigs.filter((other) => other !== config);
    return { success: true };
  }

  @Post('v2/integrations/create')
  @HttpCode(200)
  create(@Call() { project }: ApiCall, @Body() body: unknown) {
    const { app, config } = parse(createBody, body);
    const found = findApp(app.uniqueKey);
    if (!found) throw noSuchApp(app.uniqueKey);
    const { uuid } = project.addAuthConfig({
      app: found.slug,
      name: config.name ?? `${found.name} ${shortId('ac')}`,
      scheme: config.authScheme ?? 'OAUTH2',
      managed: config.useComposioAuth,
    });
    return { integrationId: uuid };
  }
}

function configOf(project: Project, id: string): AuthConfig {
  const config = project.authConfig(id);
  if (!config) throw noSuchAuthConfig(id);
  return config;
}
