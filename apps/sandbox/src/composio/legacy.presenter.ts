import type { Account } from './account.js';
import { tagsOf } from './catalogue/catalogue.js';
import type { App, JsonSchema, Tool } from './catalogue/tool.js';
import { pageSize } from './pages.js';
import type { AuthConfig, Project } from './project.js';
import { logoOf } from './v3.presenter.js';

export const legacyApp = (app: App): object => ({
  appId: `app_${app.slug}`,
  key: app.slug,
  name: app.slug,
  displayName: app.name,
  description: app.description,
  logo: logoOf(app.slug),
  enabled: true,
  no_auth: false,
  auth_schemes: [{ mode: 'OAUTH2', fields: [] }],
  testConnectors: [],
  categories: [app.category],
});

export const legacyAction = (tool: Tool, app: App): object => ({
  name: tool.slug,
  displayName: tool.name,
  display_name: tool.name,
  description: tool.description,
  appKey: app.slug,
  appName: app.slug,
  appId: `app_${app.slug}`,
  logo: logoOf(app.slug),
  enabled: true,
  deprecated: tool.withdrawn === true,
  tags: tagsOf(tool),
  parameters: { title: `${tool.slug}Request`, ...withTitles(tool.input) },
  response: { type: 'object', title: `${tool.slug}Response`, properties: {} },
});

export const legacyAccount = (project: Project, account: Account): object => ({
  id: account.uuid,
  integrationId: project.authConfig(account.authConfigId)?.uuid ?? account.authConfigId,
  appName: account.app,
  appUniqueId: account.app,
  ...(project.settings.answers.omitUserId ? {} : { clientUniqueUserId: account.owner, entityId: account.owner }),
  status: project.settings.answers.unknownStatus ?? account.status,
  statusReason: account.statusReason,
  enabled: !account.isDisabled,
  isDisabled: account.isDisabled,
  labels: [],
  connectionParams: {},
  createdAt: new Date(account.createdAt).toISOString(),
  updatedAt: new Date(account.updatedAt).toISOString(),
});

export const legacyIntegration = (config: AuthConfig): object => ({
  id: config.uuid,
  name: config.name,
  appId: `app_${config.app}`,
  appName: config.app,
  authScheme: config.scheme,
  enabled: config.enabled,
  expectedInputFields: [],
  limitedActions: [],
  logo: logoOf(config.app),
  useComposioAuth: config.managed,
});

export function legacyPage<T>(project: Project, rows: readonly T[], query: Record<string, unknown>, present: (row: T) => object): object {
  const size = pageSize(project, 'connected_accounts', query.pageSize);
  const page = Number(query.page) > 0 ? Math.floor(Number(query.page)) : 1;
  const items = rows.slice((page - 1) * size, page * size).map(present);
  return { items, totalPages: Math.max(1, Math.ceil(rows.length / size)), page };
}

/** The old SDK makes a validator of every property: each needs a title. */
function withTitles(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(
    ([name, property]) => [name, { title: name, ...withTitles(property) }] as const,
  );
  return {
    ...schema,
    ...(schema.properties ? { properties: Object.fromEntries(properties) } : {}),
    ...(schema.items ? { items: withTitles(schema.items) } : {}),
  };
}
