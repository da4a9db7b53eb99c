import type { z } from 'zod';
import type { Turn } from '../calls/calls.js';
import type { ComposioConfig } from '../config.js';
import { continued, nextPlace, type Place, readCursor, START, writeCursor } from '../cursors.js';
import { Misconfigured, NotFound } from '../errors.js';
import type { App, AppInfo, Cursor, Page } from '../port.js';
import { answerOf, options } from './client.js';
import { type CoreReader, listed } from './reader.js';
import { type AuthConfig, authConfigPage, type toolkit, toolkitPage } from './shapes.js';

export const isOAuth = (scheme: string | null | undefined): boolean => /^(DCR_)?OAUTH/i.test(scheme ?? '');

/** The auth config to connect an app with: the configured one, else the only enabled one. */
export async function authConfigOf(reader: CoreReader, app: App, turn: Turn): Promise<AuthConfig> {
  const configs = (await authConfigs(reader, turn, app)).filter((config) => config.toolkit.slug === app);
  const { chosen, whyNot } = choose(reader.config, app, configs);
  if (chosen) return chosen;
  if (configs.length === 0 && !reader.config.COMPOSIO_AUTH_CONFIGS?.has(app)) throw new NotFound('authConfig');
  throw new Misconfigured(`${app} cannot be connected: ${whyNot}`);
}

export async function appsPage(reader: CoreReader, r: { cursor?: Cursor; search?: string }, turn: Turn): Promise<Page<AppInfo>> {
  const scope = ['core', 'apps', r.search ?? null];
  const at = readCursor(scope, r.cursor);
  const query = { limit: 50, ...(r.search ? { search: r.search } : {}), ...continued(at) };
  const answer = await reader.read(turn, 'app', toolkitPage, (how) => answerOf(reader.client.toolkits.list(query, options(how))));
  const configs = await authConfigs(reader, turn);
  const next = nextPlace(
    at,
    listed(answer, ({ slug }) => slug),
  );
  return { items: answer.items.map((item) => present(reader.config, item, configs)), next: next && writeCursor(scope, next) };
}

/** All of them: pages are cut silently, and a missing one would make an app look not set up. */
async function authConfigs(reader: CoreReader, turn: Turn, app?: App): Promise<AuthConfig[]> {
  const all = new Map<string, AuthConfig>();
  for (let at: Place | null = START; at; ) {
    const query = { limit: 50, ...(app ? { toolkit_slug: app } : {}), ...continued(at) };
    const answer = await reader.read(turn, 'authConfig', authConfigPage, (how) =>
      answerOf(reader.client.authConfigs.list(query, options(how))),
    );
    for (const config of answer.items) all.set(config.id, config);
    at = nextPlace(
      at,
      listed(answer, ({ id }) => id),
    );
  }
  return [...all.values()];
}

function choose(config: ComposioConfig, app: App, configs: readonly AuthConfig[]): { chosen: AuthConfig | null; whyNot: string | null } {
  const enabled = configs.filter(({ status }) => status === 'ENABLED');
  const named = config.COMPOSIO_AUTH_CONFIGS?.get(app);
  if (named) {
    const chosen = enabled.find(({ id }) => id === named) ?? null;
    return { chosen, whyNot: chosen ? null : 'its configured auth config is missing or switched off' };
  }
  // Keys that a person types never pass the identity check of the way back: such an app is offered only where an operator names its config.
  const oauth = enabled.filter(({ auth_scheme }) => isOAuth(auth_scheme));
  if (oauth.length === 1) return { chosen: oauth[0] ?? null, whyNot: null };
  if (oauth.length > 1) return { chosen: null, whyNot: 'it has several auth configs and none is chosen' };
  return { chosen: null, whyNot: enabled.length > 0 ? 'it is connected by a key, which is not offered' : 'it is not set up' };
}

function present(config: ComposioConfig, item: z.output<typeof toolkit>, configs: readonly AuthConfig[]): AppInfo {
  const { chosen, whyNot } = choose(
    config,
    item.slug,
    configs.filter(({ toolkit: { slug } }) => slug === item.slug),
  );
  const logo = item.meta?.logo;
  const reason = item.no_auth ? 'it needs no connection' : whyNot;
  return {
    app: item.slug,
    name: item.name,
    logo: logo && URL.canParse(logo) ? new URL(logo) : null,
    categories: (item.meta?.categories ?? []).map(({ name }) => name),
    authSchemes: item.auth_schemes ?? [],
    managed: chosen ? chosen.is_composio_managed === true : (item.composio_managed_auth_schemes ?? []).length > 0,
    authConfigId: chosen?.id ?? null,
    connectable: chosen !== null && !item.no_auth,
    whyNot: reason,
  };
}
