export interface Effect {
  owner: string;
  app: string;
  tool: string;
  account: string;
  arguments: Record<string, unknown>;
}
export interface Mail {
  to: string[];
  subject: string;
  text: string;
  /** By their names in small letters. */
  headers: Record<string, string>;
}

/** The world beyond Composio, through the sandbox's control door: the consent page, the provider's moods, what was done there, the mail. */
export class Provider {
  private readonly url: string;

  constructor(sandboxUrl: string) {
    this.url = sandboxUrl;
  }

  /** Opens the link as the person's browser would, says yes, and returns where the browser is sent then. */
  async consent(connectUrl: string, identity = 'work@example.com'): Promise<URL> {
    let url = new URL(connectUrl);
    let page = await fetch(url, { redirect: 'manual' });
    // The older API's links lead to the page by a redirect.
    if (page.status === 302) {
      url = new URL(page.headers.get('location') ?? '', url);
      page = await fetch(url, { redirect: 'manual' });
    }
    if (page.status !== 200) throw new Error(`the connect page answered ${page.status}`);
    const cookie = page.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const decided = await fetch(`${url}/decide`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...(cookie && { cookie }) },
      body: new URLSearchParams({ decision: 'allow', identity }),
    });
    const back = decided.headers.get('location');
    if (!back) throw new Error(`the consent was answered ${decided.status} and leads nowhere`);
    return new URL(back);
  }

  /** The provider stops accepting the account: it happens without telling anybody, so that only a sweep can find out. */
  break(owner: string, app: string, status = 'EXPIRED'): Promise<unknown> {
    return this.control('POST', 'break', { owner, app, status, webhook: false });
  }

  /** Lets the provider's clock go on: links that nobody finished expire there after ten minutes, and Composio says so by a webhook. */
  pass(minutes: number): Promise<unknown> {
    return this.control('POST', 'clock', { advanceMs: minutes * 60_000 });
  }

  async effects(): Promise<Effect[]> {
    return rows<Effect>(await this.control('GET', 'effects'), 'effects');
  }

  async mails(to: string): Promise<Mail[]> {
    return rows<Mail>(await this.control('GET', `mails?to=${encodeURIComponent(to)}`), 'mails');
  }

  /** How often the sweep has asked for broken accounts so far. */
  async sweeps(): Promise<number> {
    const requests = rows<{ method: string; path: string; query?: unknown }>(await this.control('GET', 'requests'), 'requests');
    const lists = requests.filter(({ method, path }) => method === 'GET' && /\/connected_?accounts$/i.test(path));
    const expired = lists.filter(({ query }) => /EXPIRED/.test(JSON.stringify(query ?? '')));
    // A driver that cannot list by status asks for all: each sweep starts with the first page.
    return expired.length || lists.length;
  }

  private async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/_emulator/${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${path}: ${text.slice(0, 200)}`);
    return text ? JSON.parse(text) : null;
  }
}

function rows<T>(answer: unknown, name: string): T[] {
  if (Array.isArray(answer)) return answer as T[];
  const { items, data, [name]: named } = answer as Record<string, unknown>;
  const list = items ?? data ?? named;
  if (!Array.isArray(list)) throw new Error(`the sandbox’s ${name} are no list`);
  return list as T[];
}
