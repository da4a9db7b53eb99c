/** Somebody at the gateway: with a bearer token, as a product's frontend, or with the session cookie, as a browser of ours. */
export class Person {
  id;
  name;
  email;
  gateway;
  bearer;
  cookies = new Map();
  constructor(o) {
    this.id = o.id;
    this.name = o.name;
    this.email = o.email;
    this.gateway = o.gateway;
    this.bearer = o.bearer;
  }
  get(path) {
    return this.call('GET', path);
  }
  post(path, body = {}) {
    return this.call('POST', path, body);
  }
  delete(path) {
    return this.call('DELETE', path);
  }
  async call(method, path, body) {
    const headers = { accept: 'application/json', origin: this.gateway };
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
    return { status: response.status, headers: response.headers, body: parsed(text) };
  }
}
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
//# sourceMappingURL=person.js.map
