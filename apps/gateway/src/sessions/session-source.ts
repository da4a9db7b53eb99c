/** What a session is made of: a handle that renews it, and an access token of a few minutes. */
export interface Session {
  handle: string;
  token: string;
}

export interface Visitor {
  /** The client's address, for limits. */
  ip: string;
}

/** Where sessions come from: identity, or an OIDC provider. */
export interface SessionSource {
  /** A session with a fresh token; null when the handle is of no use any more; undefined when the source does not answer now. */
  renew(handle: string, visitor: Visitor): Promise<Session | null | undefined>;
  /** Ends it at the source. Never throws: the cookie goes in any case. */
  end(handle: string, visitor: Visitor): Promise<void>;
}
export const SESSION_SOURCE = Symbol('session source');
