import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Our services. Also: the `kid` of an app's public key, its Kafka consumer group, its folder. */
export const appNames = ['identity', 'connections', 'agent-runner', 'auditor', 'notifier', 'gateway', 'sandbox'] as const;
export type AppName = (typeof appNames)[number];

const json = z.string().transform((text, ctx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    ctx.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
});
const base64url = z.string().regex(/^[\w-]{43}$/, 'must be 32 bytes in base64url');
const publicJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url, kid: z.enum(appNames) });
const privateJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url, d: base64url });

/** What every app reads. Internal keys are needed by all apps but the sandbox, which is a stranger to the others. */
export const baseEnv = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://localhost:3000')
    .transform((url) => url.replace(/\/+$/, '')),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** This app's Ed25519 private key, a JWK in JSON. */
  INTERNAL_KEY: json.pipe(privateJwk).optional(),
  /** The public keys of all apps, a JWKS in JSON; `kid` is the app. */
  INTERNAL_PUBLIC_KEYS: json.pipe(z.object({ keys: z.array(publicJwk) })).optional(),
};

type Shape = z.ZodRawShape;
export type Config<S extends Shape = {}> = { app: AppName } & z.output<z.ZodObject<Omit<typeof baseEnv, keyof S> & S>>;
/** What RuntimeModule, start and the other packages need of an app's configuration. */
export type BaseConfig = Config<{}>;

type Environment = Record<string, string | undefined>;

const localPorts: Record<AppName, string> = {
  gateway: '3000',
  identity: '3001',
  connections: '3002',
  'agent-runner': '3003',
  auditor: '3004',
  notifier: '3005',
  sandbox: '3010',
};

/** What is wrong with the environment, one line a setting. It never holds a value: values are secrets. */
export class BadEnvironment extends Error {
  constructor(
    app: AppName,
    readonly problems: readonly string[],
  ) {
    const count = problems.length === 1 ? 'a setting is' : `${problems.length} settings are`;
    super(`${app} cannot start, ${count} wrong:\n${problems.map((line) => `  ${line}\n`).join('')}`);
  }
}

/** As `readEnv`, but throws `BadEnvironment`. */
export function parseEnv<S extends Shape>(app: AppName, shape: S, env: Environment = process.env): Config<S> {
  const given = { ...env, PORT: env.PORT || localPorts[app] };
  const { values, problems } = parseShape({ ...baseEnv, ...shape }, given);
  const config = { app, ...values } as Config<S>;
  if (values) problems.push(...refusals(config as unknown as BaseConfig));
  if (problems.length) throw new BadEnvironment(app, problems);
  return config;
}

/**
 * Reads an app's configuration from the environment: `baseEnv` and `shape`, whose keys are the variables' names. An empty string counts as
 * absent. A secret may come from a file, `NAME_FILE`. When something is wrong it prints all of it, one line a setting, and exits 2.
 */
export function readEnv<S extends Shape>(app: AppName, shape: S, env: Environment = process.env): Config<S> {
  return orExit(() => parseEnv(app, shape, env));
}

/** As `readEnv` for a job beside the app (migrations): `shape` and nothing else. */
export function readSettings<S extends Shape>(app: AppName, shape: S, env: Environment = process.env): z.output<z.ZodObject<S>> {
  return orExit(() => {
    const { values, problems } = parseShape(shape, env);
    if (!values || problems.length) throw new BadEnvironment(app, problems);
    return values;
  });
}

function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error;
    process.stderr.write(error.message);
    process.exit(2);
  }
}

function parseShape<S extends Shape>(shape: S, env: Environment): { values: z.output<z.ZodObject<S>> | undefined; problems: string[] } {
  const problems: string[] = [];
  const given = pick(Object.keys(shape), env, problems);
  const parsed = z.object(shape).safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const [name = '', ...inside] = path.map(String);
    if (problems.some((problem) => problem.startsWith(`${name}  `) || problem.startsWith(`${name}_FILE  `))) continue;
    problems.push(given[name] === undefined ? `${name}  is missing` : `${name}  ${inside.length ? `${inside.join('.')}: ` : ''}${message}`);
  }
  return { values: parsed.data, problems };
}

function pick(names: readonly string[], env: Environment, problems: string[]): Environment {
  const given: Environment = {};
  for (const name of names) {
    const file = env[`${name}_FILE`];
    given[name] = env[name] || undefined;
    if (given[name] || !file) continue;
    try {
      given[name] = readFileSync(file, 'utf8').trim() || undefined;
    } catch {
      problems.push(`${name}_FILE  names a file that cannot be read`);
    }
  }
  return given;
}

function refusals(config: BaseConfig): string[] {
  const { app, NODE_ENV, PUBLIC_URL, INTERNAL_KEY, INTERNAL_PUBLIC_KEYS } = config;
  const problems: string[] = [];
  if (NODE_ENV === 'production' && app === 'sandbox') problems.push('NODE_ENV  the sandbox does not run in production');
  if (NODE_ENV === 'production' && !PUBLIC_URL.startsWith('https:')) problems.push('PUBLIC_URL  must be https in production');
  if (app === 'sandbox') return problems;
  if (!INTERNAL_KEY) problems.push('INTERNAL_KEY  is missing');
  if (!INTERNAL_PUBLIC_KEYS) problems.push('INTERNAL_PUBLIC_KEYS  is missing');
  const own = INTERNAL_PUBLIC_KEYS?.keys.find(({ kid }) => kid === app);
  if (INTERNAL_KEY && INTERNAL_PUBLIC_KEYS && own?.x !== INTERNAL_KEY.x)
    problems.push(`INTERNAL_PUBLIC_KEYS  has no key of ${app} that fits INTERNAL_KEY`);
  return problems;
}
