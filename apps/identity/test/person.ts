import { randomUUID } from 'node:crypto';
import { type BaseConfig, INTERNAL_HEADER, InternalTokens } from '@gatehouse/runtime';
import { eventually, sandboxControl, type TestApp } from '@gatehouse/testing';

interface Mail {
  subject: string;
  text: string;
}
export interface SignedUp {
  email: string;
  password: string;
}

/** The routes of sign-in as the gateway calls them: its token, no user. */
export function people(app: TestApp) {
  const nobody = app.as({ kind: 'none' });
  return {
    nobody,
    /** With headers of the gateway's: the client's address, a session handle. */
    call: (path: string, headers: Record<string, string>, body: object) => call(app, path, headers, body),
    renew: (handle: string) => call(app, 'access-token', { authorization: `Bearer ${handle}` }),
    async signUp(email = `${randomUUID()}@people.test`, name = 'Ana'): Promise<SignedUp> {
      const password = `${randomUUID()}`;
      const { status } = await nobody.post('/auth/sign-up/email', { email, password, name });
      if (status !== 200) throw new Error(`sign-up answered ${status}`);
      return { email, password };
    },
    signIn: ({ email, password }: SignedUp) => nobody.post('/auth/sign-in/email', { email, password }),
    prove: async (person: SignedUp) => nobody.post('/auth/verify-email', { token: await tokenOf(person.email, 'Confirm') }),
  };
}

/** The token of the link in the newest mail to that address. */
export async function tokenOf(email: string, subject: string): Promise<string> {
  return eventually(async () => {
    const { items } = await sandboxControl.get<{ items: Mail[] }>(`mails?to=${encodeURIComponent(email)}`);
    const mail = items.find((one) => one.subject.startsWith(subject));
    const token = /token=([^\s&]+)/.exec(mail?.text ?? '')?.[1];
    if (!token) throw new Error(`no mail "${subject}" to ${email}`);
    return decodeURIComponent(token);
  });
}

async function call(app: TestApp, path: string, headers: Record<string, string>, body: object = {}): Promise<Response> {
  const keys = JSON.parse(process.env.TEST_INTERNAL_KEYS ?? '{}') as { gateway: BaseConfig['INTERNAL_KEY'] };
  const tokens = new InternalTokens({ app: 'gateway', INTERNAL_KEY: keys.gateway, INTERNAL_PUBLIC_KEYS: undefined });
  const token = await tokens.sign('identity', { kind: 'none' });
  const sent = { 'content-type': 'application/json', [INTERNAL_HEADER]: token, ...headers };
  return fetch(`${app.url}/auth/${path}`, { method: 'POST', headers: sent, body: JSON.stringify(body) });
}
