import { INTERNAL_HEADER, type InternalTokens, Problem } from '@gatehouse/runtime';
import { z } from 'zod';
import type { Session, SessionSource, Visitor } from './session-source.js';

const TIMEOUT_MS = 10_000;
const tokenAnswer = z.object({ token: z.string() });
const problemAnswer = z.object({ code: z.string(), detail: z.string().optional() });

/** Sessions of our identity app. The handle is the library's session token, which no browser sees. */
export class BuiltinSource implements SessionSource {
  constructor(
    private readonly identityUrl: string,
    private readonly tokens: InternalTokens,
  ) {}

  /** Throws identity's own Problem: wrong password, address not confirmed, too many attempts. */
  async signIn(credentials: unknown, visitor: Visitor): Promise<Session> {
    const answer = await this.call('sign-in/email', credentials, visitor);
    if (!answer.ok) throw await problemOf(answer);
    const session = await this.renew(answer.headers.get('set-auth-token') ?? '', visitor);
    if (!session)
      throw new Problem(503, 'sign_in_unavailable', 'Sign-in does not work at the moment. Try again.', { retryAfterSeconds: 2 });
    return session;
  }

  async renew(handle: string, visitor: Visitor): Promise<Session | null | undefined> {
    const answer = await this.call('access-token', {}, visitor, handle).catch(() => undefined);
    if (answer?.status === 401) return null;
    const body = answer?.ok ? tokenAnswer.safeParse(await answer.json().catch(() => undefined)) : undefined;
    return body?.success ? { handle, token: body.data.token } : undefined;
  }

  async end(handle: string, visitor: Visitor): Promise<void> {
    await this.call('sign-out', {}, visitor, handle).catch(() => undefined);
  }

  async changePassword(passwords: unknown, handle: string, visitor: Visitor): Promise<void> {
    const answer = await this.call('change-password', passwords, visitor, handle);
    if (!answer.ok) throw await problemOf(answer);
  }

  private async call(path: string, body: unknown, { ip }: Visitor, handle?: string): Promise<Response> {
    return fetch(`${this.identityUrl}/auth/${path}`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        'x-client-ip': ip,
        [INTERNAL_HEADER]: await this.tokens.sign('identity', { kind: 'none' }),
        ...(handle && { authorization: `Bearer ${handle}` }),
      },
      body: JSON.stringify(body ?? {}),
    });
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  const body = problemAnswer.safeParse(await answer.json().catch(() => undefined)).data;
  const wait = Number(answer.headers.get('retry-after'));
  if (!body || answer.status >= 500) return new Problem(502, 'bad_gateway', 'Sign-in does not work at the moment.');
  return new Problem(answer.status, body.code, body.detail, wait ? { retryAfterSeconds: wait } : {});
}
