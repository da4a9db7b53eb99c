import { type Acting, type AppName, type BaseConfig, INTERNAL_HEADER, InternalTokens } from '@gatehouse/runtime';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test states what it expects of an answer
  readonly body: any;
  readonly headers: Headers;
}

/** Requests to one app, as somebody. A path is the app's own (`/v1/…`); a body is sent as JSON, a string as it is. */
export interface Caller {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  put(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  patch(path: string, body?: unknown): Promise<Answer>;
  delete(path: string, body?: unknown): Promise<Answer>;
}

/** Calls `url`, with an internal token signed by `caller` for `to` unless nobody is signed in. */
export function httpCaller(url: string, identity?: { caller: AppName; to: AppName; acting: Acting }): Caller {
  const request = async (method: string, path: string, body?: unknown, extra?: Readonly<Record<string, string>>): Promise<Answer> => {
    const token = identity && (await tokensOf(identity.caller).sign(identity.to, identity.acting));
    const response = await fetch(new URL(path, url), {
      method,
      redirect: 'manual',
      headers: { ...(token && { [INTERNAL_HEADER]: token }), ...(body !== undefined && { 'content-type': 'application/json' }), ...extra },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, body: isJson && text ? JSON.parse(text) : text, headers: response.headers };
  };
  return {
    get: (path) => request('GET', path),
    post: (path, body, headers) => request('POST', path, body, headers),
    put: (path, body, headers) => request('PUT', path, body, headers),
    patch: (path, body) => request('PATCH', path, body),
    delete: (path, body) => request('DELETE', path, body),
  };
}

const known = new Map<AppName, InternalTokens>();

function tokensOf(app: AppName): InternalTokens {
  const tokens = known.get(app) ?? makeTokens(app);
  known.set(app, tokens);
  return tokens;
}

function makeTokens(app: AppName): InternalTokens {
  const keys = JSON.parse(process.env.TEST_INTERNAL_KEYS ?? '{}') as Record<string, BaseConfig['INTERNAL_KEY']>;
  if (!keys[app]) throw new Error(`no internal key of ${app}: only tests under global-setup have them`);
  return new InternalTokens({ app, INTERNAL_KEY: keys[app], INTERNAL_PUBLIC_KEYS: undefined });
}
