export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}

/** Somebody at the gateway: with a bearer token, as a product's frontend, or with the session cookie, as a browser of ours. */
export class Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  private readonly gateway: string;
  private readonly bearer: (() => Promise<string>) | undefined;
  private cookies = new Map<string, string>();

  constructor(o: { id: string; name: string; email: string; gateway: string; bearer?: () => Promise<string> }) {
    this.id = o.id;
    this.name = o.name;
    this.email = o.email;
    this.gateway = o.gateway;
    this.bearer = o.bearer;
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.call('GET', path);
  }

  post<T = Record<string, unknown>>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.call('POST', path, body);
  }

  delete<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.call('DELETE', path);
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const headers: Record<string, string> = { accept: 'application/json', origin: this.gateway };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (this.bearer) headers.authorization = `Bearer ${await this.bearer()}`;
    if (this.cookies.size) headers.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.gateway + path, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(15_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      this.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) as T };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
