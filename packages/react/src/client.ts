import type { Blocker, ProblemBody } from '@gatehouse/contracts';

export interface ClientOptions {
  /** Where the gateway is; '' for the origin of the page. */
  baseUrl?: string;
  /** An access token for each request. Without it the gateway's session cookie is used, which works at its own origin only. */
  token?: () => string | Promise<string>;
}
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Asking {
  body?: unknown;
  signal?: AbortSignal;
  /** For POST: the same key again is the same deed. A fresh one is made when none is given. */
  idempotencyKey?: string;
  /** The `tag` of the answer that the change is based on; 412 `outdated` when it changed since. */
  ifMatch?: string;
  /** For streams: go on after this event. */
  lastEventId?: string;
}
export interface Answer<T> {
  data: T;
  tag: string | null;
}

/** What went wrong, in one form: the gateway's problem (RFC 9457), `no_network` (status 0), or `unreadable` when nobody can tell. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly traceId: string | undefined;
  readonly blockers: readonly Blocker[];
  readonly errors: readonly { path: string; message: string }[];

  constructor(status: number, problem: Partial<ProblemBody> & { code: string }, retryAfterSeconds?: number) {
    super(problem.detail ?? problem.code);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.retryAfterSeconds = retryAfterSeconds;
    this.traceId = problem.traceId || undefined;
    this.blockers = problem.blockers ?? [];
    this.errors = problem.errors ?? [];
  }
}

/**
 * Asks the gateway over HTTP. Every refusal is an ApiProblem; nothing is repeated by itself. Answers have the contract's types and are not
 * parsed by it, since zod would be a third of a page's weight; the browser tests parse each answer that a page gets.
 */
export class Client {
  constructor(private readonly options: ClientOptions = {}) {}

  async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return (await this.ask<T>('GET', path, signal ? { signal } : {})).data;
  }

  async post<T>(path: string, body: unknown = {}, idempotencyKey?: string): Promise<T> {
    return (await this.ask<T>('POST', path, { body, ...(idempotencyKey && { idempotencyKey }) })).data;
  }

  async ask<T>(method: Method, path: string, asking: Asking = {}): Promise<Answer<T>> {
    const answer = await this.open(method, path, asking);
    const body: unknown = answer.status === 204 ? undefined : await answer.json().catch(() => undefined);
    if (body === undefined && answer.status !== 204) throw new ApiProblem(answer.status, { code: 'unreadable' });
    return { data: body as T, tag: answer.headers.get('etag') };
  }

  /** The answer as it comes, for streams. Throws like the rest. */
  async open(
    method: Method,
    path: string,
    { body, signal, idempotencyKey, ifMatch, lastEventId }: Asking = {},
    accept = 'application/json',
  ) {
    const { baseUrl = '', token } = this.options;
    const headers: Record<string, string> = { accept };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method === 'POST') headers['idempotency-key'] = idempotencyKey ?? crypto.randomUUID();
    if (ifMatch) headers['if-match'] = ifMatch;
    if (lastEventId) headers['last-event-id'] = lastEventId;
    if (token) headers.authorization = `Bearer ${await token()}`;
    const asked: RequestInit = { method, headers, credentials: token ? 'omit' : 'same-origin', cache: 'no-store' };
    if (body !== undefined) asked.body = JSON.stringify(body);
    if (signal) asked.signal = signal;
    const answer = await fetch(baseUrl + path, asked).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new ApiProblem(0, { code: 'no_network' });
    });
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  }
}

async function problemOf(answer: Response): Promise<ApiProblem> {
  const body = (await answer.json().catch(() => undefined)) as Partial<ProblemBody> | undefined;
  const wait = Number(answer.headers.get('retry-after'));
  const known = typeof body?.code === 'string' ? { ...body, code: body.code } : { code: 'unreadable' };
  return new ApiProblem(answer.status, known, wait > 0 ? wait : undefined);
}
