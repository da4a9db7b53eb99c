import { createApp } from '@gatehouse/runtime';
import { AppModule } from '../src/app.module.js';
import { readConfig } from '../src/config.js';
import { fastify } from '../src/fastify.js';
import { MailCatcher } from '../src/mail/mail-catcher.js';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  body: any;
  location: string | null;
}
export interface Asked {
  body?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
}

/** A sandbox of its own, on free ports, behind real sockets. */
export async function startSandbox(env: Record<string, string> = {}) {
  const config = readConfig({ PORT: '0', SMTP_PORT: '0', LOG_LEVEL: 'fatal', NODE_ENV: 'test', ...env });
  const app = await createApp(AppModule.for(config), config, { fastify });
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');

  async function ask(method: string, path: string, { body, form, headers }: Asked = {}): Promise<Answer> {
    const answer = await fetch(new URL(path, url), {
      method,
      redirect: 'manual',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, body: isJson ? JSON.parse(text) : text, location: answer.headers.get('location') };
  }

  /** The API with the key of a project, and its control routes. */
  const project = (name: string) => {
    const headers = { 'x-api-key': `emu_${name}` };
    const control = async (method: string, path: string, body?: unknown) =>
      (await ask(method, `/_emulator/${path}${path.includes('?') ? '&' : '?'}project=${name}`, { body })).body;
    return {
      key: headers['x-api-key'],
      ask: (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
        ask(method, path, { body, headers: { ...headers, ...more } }),
      control,
      /** Starts an attempt and lets the person decide; where the browser then goes. */
      async connect(user: string, decision = 'allow', authConfig = 'ac_slack') {
        const wish = { auth_config_id: authConfig, user_id: user, callback_url: 'http://localhost:3000/back?mine=1' };
        const { body } = await ask('POST', '/api/v3.1/connected_accounts/link', { body: wish, headers });
        const { location } = await ask('POST', `/link/${body.link_token}/decide`, { body: { decision } });
        return { id: body.connected_account_id as string, link: body.link_token as string, to: new URL(location ?? 'none:') };
      },
    };
  };
  return { url, ask, project, smtpPort: app.get(MailCatcher).port, close: () => app.close() };
}
export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;
