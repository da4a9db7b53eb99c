import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DATA, type Stack, startStack } from '@gatehouse/local';
import { Issuer } from './issuer.js';
import { Provider } from './provider.js';
import { productUser, type Stage } from './story/stage.js';
import { Upstream } from './upstream.js';
import { Watcher } from './watcher.js';

export interface Running extends Stage {
  stack: Stack;
  stop(): Promise<void>;
}

/** A whole system for one test file: processes of its own, on free ports and fresh data, with Ana and Ben who were not told of yet. */
export async function startSystem(options: { replicas?: number; env?: Record<string, string> } = {}): Promise<Running> {
  const issuer = await Issuer.start();
  const dataDir = join(DATA, `e2e-${randomUUID().slice(0, 8)}`);
  const stack = await startStack({
    dataDir,
    ports: 'free',
    replicas: options.replicas ?? 1,
    durable: false,
    log: () => {},
    env: { AUTH_TRUSTED_ISSUERS: issuer.setting, SWEEP_INTERVAL_SECONDS: '2', DIGEST_MINUTES: '0', ...options.env },
  });
  const gateway = stack.publicUrl;
  const upstream = await Upstream.connect(stack.brokers);
  const watcher = await Watcher.start(stack.brokers);
  const stop = async () => {
    await upstream.close();
    await watcher.stop();
    await stack.stop();
    await issuer.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return {
    stack,
    gateway,
    upstream,
    watcher,
    issuer,
    provider: new Provider(stack.urls.sandbox ?? ''),
    ana: productUser(gateway, issuer, `ana-${randomUUID()}`, 'Ana'),
    ben: productUser(gateway, issuer, `ben-${randomUUID()}`, 'Ben'),
    tell: () => {},
    stop,
  };
}
