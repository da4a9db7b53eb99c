import type { Account } from './account.js';
import { tagsOf, VERSION } from './catalogue/catalogue.js';
import { type App, type Tool } from './catalogue/tool.js';
import type { AuthConfig, Project } from './project.js';

const LONG_AGO = '2026-01-15T09:00:00.000Z';
export const logoOf = (app: string): string => `https://logos.composio.dev/api/${app}`;

export function presentAccount(project: Project, account: Account): object {
  const { answers } = project.settings;
  const config = project.authConfig(account.authConfigId);
  const scheme = config?.scheme ?? 'OAUTH2';
  const active = account.status === 'ACTIVE';
  return {
    id: account.id,
    word_id: null,
    alias: account.alias,
    ...(answers.omitUserId ? {} : { user_id: account.owner }),
    toolkit: { slug: account.app },
    auth_config: {
      id: account.authConfigId,
      auth_scheme: scheme,
      is_composio_managed: config?.managed ?? true,
      is_disabled: config?.enabled === false,
    },
    status: answers.unknownStatus ?? account.status,
    status_reason: account.statusReason,
    is_disabled: account.isDisabled,
    experimental: { account_type: account.sharing },
    created_at: new Date(account.createdAt).toISOString(),
    updated_at: new Date(account.updatedAt).toISOString(),
    state: {
      authScheme: scheme,
      val: { status: account.status, ...(active ? { access_token: 'REDACTED', token_type: 'Bearer' } : {}) },
    },
    data: {},
    params: {},
    deprecated: { uuid: account.uuid, labels: [] },
    ...(answers.extraFields ? { seen_for_the_first_time: { nested: [1, 'two'] } } : {}),
  };
}

export const presentAuthConfig = (project: Project, config: AuthConfig): object => ({
  id: config.id,
  uuid: config.uuid,
  name: config.name,
  toolkit: { slug: config.app, logo: logoOf(config.app) },
  no_of_connections: project.accounts.count(config.id),
  status: config.enabled ? 'ENABLED' : 'DISABLED',
  created_by: 'sandbox',
  created_at: LONG_AGO,
  last_updated_at: LONG_AGO,
  auth_scheme: config.scheme,
  is_composio_managed: config.managed,
  credentials: {},
  expected_input_fields: [],
  restrict_to_following_tools: [],
  tool_access_config: { tools_for_connected_account_creation: [], tools_available_for_execution: [] },
});

const appMeta = (app: App): object => ({
  created_at: LONG_AGO,
  updated_at: LONG_AGO,
  description: app.description,
  logo: logoOf(app.slug),
  triggers_count: 0,
  tools_count: app.tools.length,
  available_versions: [VERSION],
  version: VERSION,
});

const categoryOf = (app: App): string => app.category.toLowerCase().replace(/\s+/g, '-');

export const presentApp = (app: App): object => ({
  slug: app.slug,
  name: app.name,
  is_local_toolkit: false,
  no_auth: false,
  auth_schemes: ['OAUTH2'],
  composio_managed_auth_schemes: ['OAUTH2'],
  meta: { ...appMeta(app), categories: [{ id: categoryOf(app), name: app.category }] },
});

/** By slug the categories have other field names, and null is not accepted where something is left out. */
export const presentAppInFull = (app: App): object => ({
  ...presentApp(app),
  enabled: true,
  meta: { ...appMeta(app), categories: [{ slug: categoryOf(app), name: app.category }] },
  auth_config_details: [
    {
      mode: 'OAUTH2',
      name: 'OAUTH2',
      fields: {
        auth_config_creation: { required: [], optional: [] },
        connected_account_initiation: { required: [], optional: [] },
      },
    },
  ],
});

export const presentTool = (tool: Tool, app: App): object => {
  const toolkit = { slug: app.slug, name: app.name, logo: logoOf(app.slug) };
  const deprecated = tool.withdrawn === true;
  return {
    slug: tool.slug,
    name: tool.name,
    description: tool.description,
    toolkit,
    input_parameters: tool.input,
    output_parameters: {
      type: 'object',
      properties: { data: { type: 'object' }, error: { type: 'string' }, successful: { type: 'boolean' } },
    },
    tags: tagsOf(tool),
    no_auth: false,
    version: VERSION,
    available_versions: [VERSION],
    scopes: app.scopes,
    is_deprecated: deprecated,
    deprecated: {
      is_deprecated: deprecated,
      displayName: tool.name,
      version: VERSION,
      available_versions: [VERSION],
      toolkit: { logo: toolkit.logo },
    },
  };
};
