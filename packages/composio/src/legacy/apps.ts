import type { Turn } from '../calls/calls.js';
import type { ComposioConfig } from '../config.js';
import { type Place, START } from '../cursors.js';
import { Misconfigured, NotFound } from '../errors.js';
import type { App, AppInfo, Page } from '../port.js';
import { type LegacyReader, nextPage } from './reader.js';
import { appList, type Integration, integrationPage, type LegacyApp } from './shapes.js';

/** The integration to connect an app with: the configured one, else the only enabled one of OAuth. */
export async function integrationOf(reader: LegacyReader, app: App, turn: Turn): Promise<Integration> {
  const integrations = (await readIntegrations(reader, turn, app)).filter(({ appName }) => appName === app);
  const { chosen, whyNot } = choose(reader.config, app, integrations);
  if (chosen) return chosen;
  if (integrations.length === 0 && !reader.config.COMPOSIO_AUTH_CONFIGS?.has(app)) throw new NotFound('authConfig');
  throw new Misconfigured(`${app} cannot be connected: ${whyNot}`);
}

/** All apps at once: this API has no pages of them. */
export async function listApps(reader: LegacyReader, search: string | undefined, turn: Turn): Promise<Page<AppInfo>> {
  const { items } = await reader.read(turn, 'app', appList, () => reader.client.sdk.apps.list());
  const integrations = await readIntegrations(reader, turn);
  const wanted = search?.toLowerCase() ?? '';
  const found = items.filter((app) => `${app.key} ${app.displayName ?? app.name}`.toLowerCase().includes(wanted));
  return { items: found.map((app) => present(reader.config, app, integrations)), next: null };
}

async function readIntegrations(reader: LegacyReader, turn: Turn, app?: App): Promise<Integration[]> {
  const all = new Map<string, Integration>();
  for (let at: Place | null = START; at; ) {
    const query = { page: at.page, pageSize: 50, ...(app ? { appName: app } : {}) };
    const answer = await reader.read(turn, 'authConfig', integrationPage, () => reader.client.sdk.integrations.list(query));
    for (const integration of answer.items) all.set(integration.id, integration);
    at = nextPage(
      at,
      answer.items.map(({ id }) => id),
      answer.totalPages,
    );
  }
  return [...all.values()];
}

/** OAuth only: keys that a person types would pass through us. */
function choose(
  config: ComposioConfig,
  app: App,
  integrations: readonly Integration[],
): { chosen: Integration | null; whyNot: string | null } {
  const oauth = integrations.filter(({ enabled, authScheme }) => enabled !== false && /^OAUTH/i.test(authScheme ?? ''));
  const named = config.COMPOSIO_AUTH_CONFIGS?.get(app);
  if (named) {
    const chosen = oauth.find(({ id }) => id === named) ?? null;
    return { chosen, whyNot: chosen ? null : 'its configured integration is missing, switched off or not of OAuth' };
  }
  if (oauth.length === 1) return { chosen: oauth[0] ?? null, whyNot: null };
  if (oauth.length > 1) return { chosen: null, whyNot: 'it has several integrations and none is chosen' };
  return { chosen: null, whyNot: integrations.length > 0 ? 'it is connected by a key, which is not offered' : 'it is not set up' };
}

function present(config: ComposioConfig, app: LegacyApp, integrations: readonly Integration[]): AppInfo {
  const { chosen, whyNot } = choose(
    config,
    app.key,
    integrations.filter(({ appName }) => appName === app.key),
  );
  const categories = typeof app.categories === 'string' ? app.categories.split(',').map((name) => name.trim()) : (app.categories ?? []);
  return {
    app: app.key,
    name: app.displayName ?? app.name,
    logo: app.logo && URL.canParse(app.logo) ? new URL(app.logo) : null,
    categories: categories.filter(Boolean),
    authSchemes: (app.auth_schemes ?? []).flatMap(({ mode }) => mode ?? []),
    managed: false, // this API does not say
    authConfigId: chosen?.id ?? null,
    connectable: chosen !== null && !app.no_auth,
    whyNot: app.no_auth ? 'it needs no connection' : whyNot,
  };
}
