import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOGIN_ROLES, type Passwords } from './databases.ts';
import { Failure } from './failure.ts';

export const APPS = ['identity', 'connections', 'agent-runner', 'auditor', 'notifier', 'gateway'] as const;
export type App = (typeof APPS)[number];

/** All secrets of one local stack. Kept in `<dataDir>/secrets.json`, made at the first start. */
export interface Secrets {
  readonly postgresPassword: string;
  readonly databasePasswords: Passwords;
  /** Ed25519 private keys by app (JWK). */
  readonly internalKeys: Readonly<Record<App, object>>;
  /** The JWKS of all of them; `kid` = app. */
  readonly internalPublicKeys: { readonly keys: readonly object[] };
  readonly authSecret: string;
  readonly sessionKeys: readonly { readonly kid: string; readonly key: string }[];
  /** What a person puts into `Authorization: Bearer …` as operator, and a product's backend. The services get their hashes. */
  readonly operatorKey: string;
  readonly productKey: string;
  /** What the sandbox signs Composio's webhooks with. */
  readonly webhookSecret: string;
}

/** Reads the secrets of a data folder, or makes them. */
export function localSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  if (!existsSync(file)) {
    writeFileSync(`${file}.part`, JSON.stringify(makeSecrets(), null, 2), { mode: 0o600 });
    renameSync(`${file}.part`, file);
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  } catch {
    throw new Failure(`${file} is damaged: "npm run reset" makes new secrets and an empty database.`);
  }
}

export function makeSecrets(password: () => string = random): Secrets {
  const pairs = APPS.map((app) => ({ app, ...keyPair(app) }));
  return {
    postgresPassword: password(),
    databasePasswords: Object.fromEntries(LOGIN_ROLES.map((role) => [role, password()])),
    internalKeys: Object.fromEntries(pairs.map(({ app, secret }) => [app, secret])) as Record<App, object>,
    internalPublicKeys: { keys: pairs.map(({ open }) => open) },
    authSecret: random(),
    sessionKeys: [{ kid: '1', key: random() }],
    operatorKey: `gho_${random()}`,
    productKey: `ghp_${random()}`,
    webhookSecret: random(),
  };
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** 32 bytes, base64url. */
const random = () => randomBytes(32).toString('base64url');

function keyPair(app: App): { secret: object; open: object } {
  const { crv, kty, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { secret: { kty, crv, x, d }, open: { kty, crv, x, kid: app } };
}
