import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { keysOf } from '../test/keys.js';
import { BadEnvironment, parseEnv } from './env.js';

const shape = { SMTP_URL: z.url(), SWEEP_INTERVAL_SECONDS: z.coerce.number().int().positive().default(300) };
const keys = keysOf('notifier');
const good = { ...keys.env, SMTP_URL: 'smtp://localhost:3025' };

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseEnv('notifier', shape, env);
  } catch (error) {
    if (error instanceof BadEnvironment) return error.problems;
  }
  return [];
}

describe('the environment of an app', () => {
  it('is read into numbers, defaults and keys; an empty string counts as absent', () => {
    const config = parseEnv('notifier', shape, { ...good, SWEEP_INTERVAL_SECONDS: '', PUBLIC_URL: 'https://a.example/' });
    expect(config).toMatchObject({
      app: 'notifier',
      PORT: 3005,
      HOST: '127.0.0.1',
      SWEEP_INTERVAL_SECONDS: 300,
      PUBLIC_URL: 'https://a.example',
    });
    expect(config.INTERNAL_KEY?.crv).toBe('Ed25519');
  });

  it('is refused with everything that is wrong at once, and without a single value', () => {
    const problems = problemsOf({ PORT: 'many', SWEEP_INTERVAL_SECONDS: '-1', INTERNAL_KEY: '{"kty":"canary"', SMTP_URL: 'canary' });
    expect(problems.map((line) => line.split('  ')[0]).sort()).toEqual(['INTERNAL_KEY', 'PORT', 'SMTP_URL', 'SWEEP_INTERVAL_SECONDS']);
    expect(problems.join()).not.toMatch(/canary|many/);
    expect(problemsOf({ ...keys.env })).toEqual(['SMTP_URL  is missing']);
    expect(problemsOf({ SMTP_URL: 'smtp://x' })).toEqual(['INTERNAL_KEY  is missing', 'INTERNAL_PUBLIC_KEYS  is missing']);
  });

  it('takes a secret from a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'env-')), 'key');
    writeFileSync(file, `${good.INTERNAL_KEY}\n`);
    const { INTERNAL_KEY: _, ...rest } = good;
    expect(parseEnv('notifier', shape, { ...rest, INTERNAL_KEY_FILE: file }).INTERNAL_KEY).toMatchObject({ kty: 'OKP' });
    expect(problemsOf({ ...rest, INTERNAL_KEY_FILE: '/nowhere' })[0]).toBe('INTERNAL_KEY_FILE  names a file that cannot be read');
  });

  it('must hold the public half of the app’s own key', () => {
    expect(problemsOf({ ...good, INTERNAL_PUBLIC_KEYS: keysOf('notifier').env.INTERNAL_PUBLIC_KEYS })).toEqual([
      'INTERNAL_PUBLIC_KEYS  has no key of notifier that fits INTERNAL_KEY',
    ]);
  });

  it('stops a production without https, and the sandbox in production', () => {
    expect(problemsOf({ ...good, NODE_ENV: 'production' })).toEqual(['PUBLIC_URL  must be https in production']);
    expect(() => parseEnv('sandbox', {}, { NODE_ENV: 'production', PUBLIC_URL: 'https://a.example' })).toThrow(
      'does not run in production',
    );
    expect(parseEnv('sandbox', {}, {}).PORT).toBe(3010);
  });
});
