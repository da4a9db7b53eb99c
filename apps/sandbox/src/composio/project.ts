import { Subject } from 'rxjs';
import { Clock } from '../clock.js';
import { type Account, isUnfinished, newAccount, type Status, shortId, stableUuid } from './account.js';
import { AccountStore } from './account-store.js';
import { APPS } from './catalogue/catalogue.js';
import { Faults } from './faults.js';
import { defaultSettings, type Settings } from './settings.js';
import { Webhooks } from './webhooks.js';

const REQUESTS_KEPT = 50_000;

export interface AuthConfig {
  id: string;
  uuid: string;
  app: string;
  name: string;
  scheme: string;
  managed: boolean;
  enabled: boolean;
}

/** An open attempt: a bearer URL, until it is decided or too old. */
export interface Link {
  token: string;
  accountId: string;
  expiresAt: number;
  decided: boolean;
  /** The browser that opened it, by its cookie. */
  browser: string | null;
}

export interface Session {
  accountId: string;
  expiresAt: number;
  redeemed: boolean;
  exchangeFails: boolean;
}

/** A tool router session: whose it is, and which accounts it was told to use. */
export interface ToolSession {
  id: string;
  userId: string;
  apps: string[];
  pins: Map<string, string>;
}

/** A write that happened at the provider. */
export interface Effect {
  at: string;
  project: string;
  owner: string;
  account: string;
  app: string;
  tool: string;
  arguments: Record<string, unknown>;
  result: Record<string, unknown>;
  callId: string | null;
  requestId: string;
  logId: string;
}

/** What is told live: each request when it was answered, each effect, each change of an account's status, each attempt at a webhook. */
export interface ProjectEvent {
  kind: 'request' | 'effect' | 'account' | 'webhook';
  what: object;
}

export interface RequestRecord {
  at: string;
  requestId: string;
  method: string;
  path: string;
  query: Record<string, unknown>;
  /** The scope of the key; never the key. */
  key: string;
  userIdSent: string | null;
  account: string | null;
  accountOwner: string | null;
  app: string | null;
  tool: string | null;
  /** null: no answer was given. */
  status: number | null;
  fault?: string;
  callId: string | null;
  traceparent: string | null;
  durationMs: number;
  body?: unknown;
}

export interface ProjectSnapshot {
  name: string;
  settings: Settings;
  accounts: Account[];
  links: Link[];
  sessions: [string, Session][];
  effects: Effect[];
  authConfigs: AuthConfig[];
  subscription: Webhooks['subscription'];
}

/** One Composio project: nothing of it is seen with the key of another. */
export class Project {
  readonly clock = new Clock();
  readonly faults = new Faults();
  readonly webhooks: Webhooks;
  readonly events = new Subject<ProjectEvent>();
  accounts = new AccountStore();
  settings: Settings = defaultSettings();
  links = new Map<string, Link>();
  sessions = new Map<string, Session>();
  toolSessions = new Map<string, ToolSession>();
  effects: Effect[] = [];
  requests: RequestRecord[] = [];
  authConfigs: AuthConfig[] = [];

  constructor(readonly name: string) {
    this.webhooks = new Webhooks(this);
    this.reset();
  }

  reset(): void {
    this.clock.clear();
    this.faults.clear();
    this.webhooks.clear();
    this.accounts = new AccountStore();
    this.settings = defaultSettings();
    this.links.clear();
    this.sessions.clear();
    this.toolSessions.clear();
    this.effects = [];
    this.requests = [];
    this.authConfigs = APPS.map((app) => managedConfig(this.name, app.slug, app.name));
  }

  addAccount(given: Parameters<typeof newAccount>[0]): Account {
    const account = this.accounts.add(newAccount(given, this.clock.now()));
    this.endUnfinished(account);
    return account;
  }

  /** The one place where a status changes, because Composio tells of EXPIRED wherever it comes from. */
  setStatus(account: Account, status: Status, reason: string | null = null, tell = true): void {
    const before = account.status;
    this.accounts.change(account, { status, statusReason: reason }, this.clock.now());
    this.happened('account', { id: account.id, owner: account.owner, app: account.app, before, status, reason });
    if (status === 'EXPIRED' && before !== 'EXPIRED' && tell) this.webhooks.tellExpired(account);
  }

  /** An attempt that nobody finishes is EXPIRED after ten minutes, like a lost grant; only the reason differs. */
  endUnfinished(account: Account): void {
    if (!isUnfinished(account)) return;
    this.clock.at(account.unfinishedUntil, () => {
      const due = isUnfinished(account) && !account.deleted && account.unfinishedUntil <= this.clock.now();
      if (due) this.setStatus(account, 'EXPIRED', 'INITIATION_TIMEOUT: the connection did not complete within 10 minutes');
      return this.webhooks.settled();
    });
  }

  addEffect(effect: Effect): void {
    this.effects.push(effect);
    this.happened('effect', effect);
  }

  happened(kind: ProjectEvent['kind'], what: object): void {
    this.events.next({ kind, what });
  }

  record(request: RequestRecord): void {
    this.requests.push(request);
    if (this.requests.length > REQUESTS_KEPT) this.requests.splice(0, REQUESTS_KEPT / 10);
  }

  authConfig(id: string | undefined): AuthConfig | undefined {
    return this.authConfigs.find((config) => config.id === id || config.uuid === id);
  }

  addAuthConfig(given: Pick<AuthConfig, 'app' | 'name' | 'scheme' | 'managed'>): AuthConfig {
    const id = shortId('ac');
    const config = { ...given, id, uuid: stableUuid('auth-config', this.name, id), enabled: true };
    this.authConfigs.push(config);
    return config;
  }

  snapshot(): ProjectSnapshot {
    const { name, settings, effects, authConfigs } = this;
    const { subscription } = this.webhooks;
    return {
      name,
      settings,
      accounts: this.accounts.all().filter(({ via }) => via !== 'generated'), // a million of them would be written every second
      links: [...this.links.values()],
      sessions: [...this.sessions],
      effects,
      authConfigs,
      subscription,
    };
  }

  restore(from: ProjectSnapshot): void {
    this.settings = { ...defaultSettings(), ...from.settings };
    this.links = new Map(from.links.map((link) => [link.token, link]));
    this.sessions = new Map(from.sessions);
    this.effects = from.effects;
    this.authConfigs = from.authConfigs;
    this.webhooks.subscription = from.subscription;
    for (const account of from.accounts) this.endUnfinished(this.accounts.add(account));
  }
}

const managedConfig = (project: string, app: string, name: string): AuthConfig => ({
  id: `ac_${app}`,
  uuid: stableUuid('auth-config', project, app),
  app,
  name: `${name} (managed)`,
  scheme: 'OAUTH2',
  managed: true,
  enabled: true,
});
