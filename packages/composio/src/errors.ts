/** What Composio said beside its status. Never arguments, tokens or connect links. */
export interface Said {
  status?: number | undefined;
  slug?: string | undefined;
  composioCode?: number | undefined;
  requestId?: string | undefined;
}

/** Base of all errors of this package. `executed: 'unknown'`: the effect may have happened, so it must not simply be repeated. */
export abstract class ComposioError extends Error {
  readonly executed: 'no' | 'unknown' = 'no';
  readonly status: number | undefined;
  readonly slug: string | undefined;
  readonly composioCode: number | undefined;
  readonly requestId: string | undefined;

  constructor(message: string, said: Said = {}) {
    super(message);
    this.name = new.target.name;
    this.status = said.status;
    this.slug = said.slug;
    this.composioCode = said.composioCode;
    this.requestId = said.requestId;
  }
}

/** No such thing at Composio. An account: suspect its connection. A tool: drop it. */
export class NotFound extends ComposioError {
  constructor(
    readonly what: 'account' | 'tool' | 'app' | 'authConfig',
    said?: Said,
  ) {
    super(`Composio knows no such ${what === 'authConfig' ? 'auth config' : what}`, said);
  }
}

/** Composio refused the account's credentials, or its state, before the tool ran: suspect its connection. */
export class CredentialsRefused extends ComposioError {
  constructor(said?: Said) {
    super('Composio refused the credentials of this account', said);
  }
}

/** The account belongs to somebody else. Stop the run and raise a security alarm. */
export class OwnerMismatch extends ComposioError {
  constructor(message = 'This account belongs to another user', said?: Said) {
    super(message, said);
  }
}

/** Composio did not say whose account it is, and the ownership query did not settle it. Treated like a mismatch. */
export class OwnerUnproven extends ComposioError {
  constructor(said?: Said) {
    super('It could not be proven whose account this is', said);
  }
}

/** The person who came back is not the one who left. The attempt is dead; a security event. */
export class IdentityMismatch extends ComposioError {
  constructor(said?: Said) {
    super('The person who came back from the provider is not the one who started connecting', said);
  }
}

/** The connect session was already used, is older than ten minutes, or the provider refused it: start again. */
export class ConnectSessionGone extends ComposioError {
  constructor(said?: Said) {
    super('This attempt to connect was already used or has expired', said);
  }
}

/** Composio will never accept this request. `details` are its own words, shortened. */
export class InvalidRequest extends ComposioError {
  constructor(
    readonly details: string,
    said?: Said,
  ) {
    super('Composio rejected the request', said);
  }
}

/** Key, project, auth config or driver is wrong: an operator's alarm, never the fault of a user's event. */
export class Misconfigured extends ComposioError {}

/** Wait `retryAfterMs`. `origin`: our own budget, Composio's limit, or the edge before it. */
export class RateLimited extends ComposioError {
  constructor(
    readonly retryAfterMs: number,
    readonly origin: 'ours' | 'composio' | 'edge',
    said?: Said,
  ) {
    super(
      origin === 'ours' ? 'Our own budget of calls to Composio is used up for the moment' : 'Composio limits our calls for the moment',
      said,
    );
  }
}

/** Surely not executed (never left, or only a read): later. */
export class Unavailable extends ComposioError {}

/** Something that is no read got no answer that can be trusted: it may or may not have happened. */
export class OutcomeUnknown extends ComposioError {
  override readonly executed = 'unknown';
}

/** Not a webhook of Composio's, or not a fresh one: answer 401 and count it. Never carries the body. */
export class WebhookRejected extends ComposioError {
  constructor(readonly reason: 'header' | 'signature' | 'timestamp' | 'body') {
    super(`Webhook rejected: ${reason}`);
  }
}
