import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type ComposioConfig, composioEnv } from '../../src/config.js';
import { createComposio } from '../../src/create.js';
import { accountId, entityId } from '../../src/entity-id.js';
import type { ComposioPort, PinnedAccount } from '../../src/port.js';
import { anywhere } from './anywhere.js';
import { interactive, notRun, type Place } from './suite.js';
import { watchProcess } from './wire.js';

const NEEDED = ['COMPOSIO_TEST_API_KEY', 'COMPOSIO_TEST_ENTITY', 'COMPOSIO_TEST_ACCOUNT'] as const;

/**
 * The same cases at real Composio: with the key of a project of its own, and a connected account of an entity that stands for a test user.
 * What it makes, it removes; nothing else is changed. `COMPOSIO_TEST_ACCOUNT` may be either of its ids.
 */
export function real(driver: Place['driver']): void {
  const missing = NEEDED.filter((name) => !process.env[name]);
  const what = `the ${driver} driver over real Composio`;
  if (missing.length > 0) {
    it.skip(`${what}: not run`, () => undefined);
    notRun(what, `${missing.join(', ')} not given`);
    return;
  }
  describe(what, () => {
    let port: ComposioPort;
    let watched: ReturnType<typeof watchProcess>;
    let given: PinnedAccount;
    const config = configOf(driver);

    beforeAll(async () => {
      watched = watchProcess();
      port = await createComposio(config);
      const owner = entityId(process.env.COMPOSIO_TEST_ENTITY ?? '');
      const { id, app } = await port.getAccount({ id: accountId(process.env.COMPOSIO_TEST_ACCOUNT ?? ''), owner }, interactive);
      given = { id, owner, app };
    });
    afterAll(() => watched.stop());

    anywhere({
      driver,
      get port() {
        return port;
      },
      someone: () => entityId(`gatehouse-contract-${randomUUID()}`),
      given: () => Promise.resolve(given),
    });

    it('it spoke to nobody but Composio, and started no program', () => {
      const { hostname, port: own, protocol } = new URL(config.COMPOSIO_BASE_URL);
      expect([...watched.hosts]).toEqual([`${hostname}:${own || (protocol === 'https:' ? 443 : 80)}`]);
      expect(watched.programs).toEqual([]);
    });
  });
  notRun(`${what}: clock, faults, revocation, expiry, returning from the provider`, 'only the emulator can be told to');
}

/** `COMPOSIO_TEST_BASE_URL`: for a Composio at another address. */
const configOf = (driver: Place['driver']): ComposioConfig =>
  z.object(composioEnv).parse({
    COMPOSIO_DRIVER: driver,
    COMPOSIO_API_KEY: process.env.COMPOSIO_TEST_API_KEY,
    COMPOSIO_BASE_URL: process.env.COMPOSIO_TEST_BASE_URL,
    TELEMETRY_DISABLED: process.env.TELEMETRY_DISABLED,
  });
