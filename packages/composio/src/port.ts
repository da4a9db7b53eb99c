/** A user as Composio knows them. Only `entityId(raw)` makes one: 1–200 printable ASCII characters, no comma or space, not "default" in any case. */
export type EntityId = string & { readonly __entity: true };
/** A connected account: `ca_…`, or a UUID from the older API. Only `accountId(raw)` makes one. */
export type AccountId = string & { readonly __account: true };
/** A toolkit's slug, such as `slack`. */
export type App = string;
/** A tool's exact name, such as `SLACK_SEND_MESSAGE`. */
export type ToolName = string;
/** Opaque; valid only for the driver and the filter that made it. */
export type Cursor = string;

/** Composio's words. A word that is not in this list is `UNKNOWN` and must never be taken for `ACTIVE`. */
export type AccountStatus = 'INITIALIZING' | 'INITIATED' | 'ACTIVE' | 'FAILED' | 'EXPIRED' | 'INACTIVE' | 'REVOKED' | 'UNKNOWN';

/** Who pays for a call, and how long it may take in all, waits and repeated reads included. Unless given: reads 10 s, writes 20 s, execute 60 s. */
export interface Call {
  budget: 'runs' | 'interactive' | 'sweep';
  timeoutMs?: number;
  signal?: AbortSignal;
  traceparent?: string;
}

/** `next: null` is the end of the list; a page may be empty before it. One that could not be read is an error, never an empty page. */
export interface Page<T> {
  items: T[];
  next: Cursor | null;
}

/** From the gate's verdict: owner and app as Composio gave them when the account was activated. Never from a model. */
export interface PinnedAccount {
  id: AccountId;
  owner: EntityId;
  app: App;
}

export interface Account {
  id: AccountId;
  /** A `ca_…` beside a UUID: a webhook or the other driver may use either. */
  otherIds: AccountId[];
  /** `null`: this answer did not say. */
  owner: EntityId | null;
  app: App;
  authConfigId: string;
  status: AccountStatus;
  rawStatus: string;
  statusReason: string | null;
  /** EXPIRED because the connect flow timed out: it never was active, so nothing broke. */
  neverFinished: boolean;
  /** The account or its auth config is switched off. */
  disabled: boolean;
  sharing: 'PRIVATE' | 'SHARED';
  createdAt: Date;
  updatedAt: Date;
}

/** `redirectUrl` is a bearer link: whoever opens it and consents becomes the account. Only for the signed-in browser; never stored or mailed. */
export interface StartedConnection {
  accountId: AccountId;
  redirectUrl: URL;
  expiresAt: Date;
  via: 'link' | 'initiate';
}

/** What the person is told after a disconnect. */
export interface Removal {
  revoke: 'revoked' | 'already-revoked' | 'not-supported' | 'queued' | 'failed' | 'not-asked';
  revokedTokens: string[];
  revokeJobId: string | null;
  remove: 'deleted' | 'already-gone';
}

export interface AppInfo {
  app: App;
  name: string;
  logo: URL | null;
  categories: string[];
  authSchemes: string[];
  managed: boolean;
  authConfigId: string | null;
  connectable: boolean;
  whyNot: string | null;
}

export interface ToolDefinition {
  name: ToolName;
  app: App;
  version: string | null;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: object;
  /** `known: false`: Composio said nothing, so nothing may be concluded from the other three. */
  hints: { readOnly: boolean; destructive: boolean; idempotent: boolean; known: boolean };
  deprecated: boolean;
  /** Such a tool is not to be offered: it would read files or URLs that a model names. */
  takesFiles: boolean;
}

export type ToolOutcome =
  | { ok: true; data: Record<string, unknown>; logId: string | null }
  | { ok: false; cause: 'tool' | 'credentials' | 'provider-limit'; message: string; logId: string | null };

/**
 * All that Gatehouse asks of Composio. Only reads are ever repeated (at most twice, inside the timeout); callers hold durable state and decide
 * about everything else. Every error is a `ComposioError` and says whether the call may have been executed.
 */
export interface ComposioPort {
  readonly driver: 'core' | 'legacy';
  readonly supports: {
    hostedLink: boolean;
    verifiedReturn: boolean;
    revoke: boolean;
    toolVersions: boolean;
    listByStatus: boolean;
    ownerSentWithExecute: boolean;
  };
  /** Not idempotent: each call makes an account. One that is not finished dies by itself in ten minutes. */
  startConnection(r: { owner: EntityId; app: App; returnTo: URL }, c: Call): Promise<StartedConnection>;
  /** At most once per `sessionUri`. Success means ACTIVE and owned by `signedIn`; a throw never means "try the same one again". */
  completeConnection(r: { sessionUri: string; signedIn: EntityId }, c: Call): Promise<{ accountId: AccountId; app: App }>;
  /** A fresh read. With `owner`: throws `OwnerMismatch` when it is another's, `OwnerUnproven` when that cannot be told. */
  getAccount(r: { id: AccountId; owner?: EntityId }, c: Call): Promise<Account>;
  /** One page, oldest first; `limit` (1–100) is a wish. Rows of anyone else are dropped and reported. */
  listAccounts(r: { owner: EntityId } & AccountFilter, c: Call): Promise<Page<Account>>;
  /** Safe to repeat. Proves the owner, revokes if asked, then deletes. */
  removeAccount(r: { id: AccountId; owner: EntityId; revoke: boolean }, c: Call): Promise<Removal>;
  /**
   * Whom the account is signed in as at the provider ("Connected as …"), by the one profile read listed for its app: one line of at most 200
   * characters, text from elsewhere and never markup. `null` where no read is listed or it names nobody. Throws as `executeTool` does, and may
   * be called again.
   */
  accountLabel(account: PinnedAccount, c: Call): Promise<string | null>;
  /** The same for every user; may be cached for an hour. */
  listApps(r: { cursor?: Cursor; search?: string }, c: Call): Promise<Page<AppInfo>>;
  /** Exact names, in their order; unknown ones in `missing`. May be cached for an hour per name and version. */
  getTools(names: readonly ToolName[], c: Call): Promise<{ tools: ToolDefinition[]; missing: ToolName[] }>;
  /** At most once: one request, never repeated. `owner` (the run's user) must be `account.owner`, the tool's app `account.app`; else nothing is sent. */
  executeTool(
    r: {
      owner: EntityId;
      account: PinnedAccount;
      tool: ToolName;
      version: string | null;
      arguments: Record<string, unknown>;
      callId: string;
    },
    c: Call,
  ): Promise<ToolOutcome>;
}

export interface AccountFilter {
  statuses?: AccountStatus[];
  apps?: App[];
  cursor?: Cursor;
  limit?: number;
}

/** Reads accounts of every user. Its own entry point (`@gatehouse/composio/audit`), for the auditor alone. */
export interface ComposioAudit {
  listEveryAccount(r: AccountFilter, c: Call): Promise<Page<Account>>;
}

export type WebhookEvent = { eventId: string; attempt: number; sentAt: Date } & (
  | { kind: 'account-expired'; accountId: AccountId; statusReason: string | null }
  | { kind: 'other'; type: string }
);

export type VerifyWebhook = (r: {
  rawBody: Buffer;
  headers: Record<string, string | undefined>;
  secrets: readonly string[];
  now: Date;
  toleranceMs?: number;
}) => WebhookEvent;
