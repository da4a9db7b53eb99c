import { createHash, randomUUID } from 'node:crypto';
import { endSilentConnections } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { APIError, createAuthEndpoint, createAuthMiddleware, sessionMiddleware } from 'better-auth/api';
import { bearer, jwt, signJWT } from 'better-auth/plugins';
import pg from 'pg';
import { config } from './config.js';
import { type Letter, Mail } from './mail.js';

const DAY = 86_400; // seconds
const TRIES = 20; // an account, in 15 minutes
const OF_ONE_ADDRESS = { window: 60, max: 30 };

const jwtOptions = {
  disableSettingJwtHeader: true,
  jwks: { keyPairConfig: { alg: 'ES256' as const }, rotationInterval: 30 * DAY, gracePeriod: DAY },
  jwt: { issuer: config.AUTH_ISSUER, audience: config.AUTH_AUDIENCE, expirationTime: '5m' },
};

/** The library's own `/token` sets no `typ` and puts the whole user into the token: this one is an access token after RFC 9068. */
const accessToken = {
  id: 'access-token',
  endpoints: {
    accessToken: createAuthEndpoint('/access-token', { method: 'POST', use: [sessionMiddleware] }, async (ctx) => {
      const { user } = ctx.context.session;
      const operator = user.emailVerified && config.OPERATOR_EMAILS.includes(user.email);
      const payload = {
        sub: user.id,
        iat: Math.floor(Date.now() / 1000),
        jti: randomUUID(),
        ...(operator && { roles: ['operator'] }),
      };
      return ctx.json({ token: await signJWT(ctx, { options: jwtOptions, header: { typ: 'at+jwt' }, payload }) });
    }),
  },
};

export function authOptions(pool: pg.Pool, post: (letter: Letter, to: string, token: string) => void): BetterAuthOptions {
  return {
    database: pool,
    secret: config.AUTH_SECRET,
    baseURL: config.PUBLIC_URL,
    basePath: '/auth',
    trustedOrigins: [new URL(config.PUBLIC_URL).origin],
    telemetry: { enabled: false },
    // The library would print the database's error, with the row and the address in it.
    logger: { disabled: true },
    onAPIError: { throw: true },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 12,
      requireEmailVerification: true,
      revokeSessionsOnPasswordReset: true,
      // OWASP's parameters for argon2id; hashing happens inside the sign-up transaction, so it has to be quick as well.
      password: {
        hash: (password) => hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
        verify: ({ hash: stored, password }) => verify(stored, password),
      },
      sendResetPassword: async ({ user, token }) => post('reset', user.email, token),
    },
    emailVerification: { sendOnSignIn: true, sendVerificationEmail: async ({ user, token }) => post('verify', user.email, token) },
    session: { expiresIn: 14 * DAY, updateAge: DAY },
    // By address, shared by replicas. An office is one address: the library's own 3 in 10 seconds would lock it out.
    rateLimit: { enabled: true, storage: 'database', customRules: { '/sign-in/*': OF_ONE_ADDRESS, '/sign-up/*': OF_ONE_ADDRESS } },
    hooks: { before: createAuthMiddleware((ctx) => limitTries(pool, ctx)) },
    advanced: { ipAddress: { ipAddressHeaders: ['x-client-ip'] }, database: { generateId: () => randomUUID() } },
    plugins: [bearer({ requireSignature: true }), jwt(jwtOptions), accessToken],
  };
}

/** The library counts by address only; a guesser with many addresses is counted by the account. */
async function limitTries(pool: pg.Pool, { path, body }: { path: string; body?: { email?: unknown } }): Promise<void> {
  if (path !== '/sign-in/email') return;
  const key = createHash('sha256').update(String(body?.email).trim().toLowerCase()).digest('hex');
  const { rows } = await pool.query<{ n: number }>(
    `insert into sign_in_try as t (key, n, until) values ($1, 1, now() + interval '15 min')
     on conflict (key) do update set n = case when t.until < now() then 1 else t.n + 1 end,
       until = case when t.until < now() then excluded.until else t.until end returning n`,
    [key],
  );
  if ((rows[0]?.n ?? 0) > TRIES) throw new APIError('TOO_MANY_REQUESTS', { code: 'TOO_MANY_REQUESTS', message: 'Too many attempts' });
}

/** better-auth behind one method: an HTTP request in, an HTTP answer out. Its pool is its own, as the role `identity_auth`. */
@Injectable()
export class Auth implements OnApplicationShutdown {
  readonly pool = new pg.Pool({
    connectionString: config.AUTH_DATABASE_URL,
    max: config.AUTH_DATABASE_POOL,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    application_name: 'identity-auth',
  });
  private readonly library: { handler(request: Request): Promise<Response> };

  constructor(mail: Mail) {
    endSilentConnections(this.pool);
    this.pool.on('error', (error: Error & { code?: string }) => log('auth').warn({ code: error.code }, 'idle connection lost'));
    this.library = betterAuth(authOptions(this.pool, (letter, to, token) => mail.post(letter, to, token)));
  }

  handle(request: Request): Promise<Response> {
    return this.library.handler(request);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
