import { generateKeyPairSync } from 'node:crypto';
import { type AppName, type BaseConfig, parseEnv } from '../src/env.js';

/** Fresh internal keys for these apps; `env` is the first one's environment. */
export function keysOf(app: AppName, ...others: AppName[]) {
  const pairs = new Map([app, ...others].map((name) => [name, generateKeyPairSync('ed25519')]));
  const keys = [...pairs].map(([kid, { publicKey }]) => ({ ...publicKey.export({ format: 'jwk' }), kid }));
  const envOf = (name: AppName) => ({
    INTERNAL_KEY: JSON.stringify(pairs.get(name)?.privateKey.export({ format: 'jwk' })),
    INTERNAL_PUBLIC_KEYS: JSON.stringify({ keys }),
  });
  return {
    env: envOf(app),
    config: (name: AppName = app, extra: Record<string, string> = {}): BaseConfig =>
      parseEnv(name, {}, { ...envOf(name), LOG_LEVEL: 'silent', ...extra }),
    privateKey: (name: AppName) => {
      const pair = pairs.get(name);
      if (!pair) throw new Error(`no keys of ${name}`);
      return pair.privateKey;
    },
  };
}
