import { randomUUID } from 'node:crypto';
import { createComposioAudit } from '../../src/audit.js';
import { createComposio } from '../../src/create.js';
import { accountId, entityId } from '../../src/entity-id.js';
import type { ComposioAudit, ComposioPort } from '../../src/port.js';
import { anywhere } from './anywhere.js';
import { connecting } from './connecting.js';
import { configFor, emulator } from './emulator.js';
import { executing } from './executing.js';
import { failing } from './failing.js';
import { EVERY_REFUSAL, Notes } from './notes.js';
import { reading } from './reading.js';
import { removing } from './removing.js';
import { DENIED, notRun, type Suite } from './suite.js';
import { watchProcess, wireTo } from './wire.js';

/** One suite for every driver, written against the port alone, over the emulator. A driver is spared only what its `supports` denies. */
export function contract(driver: Suite['driver']): void {
  describe(`the ${driver} driver`, () => {
    let port: ComposioPort;
    let audit: ComposioAudit;
    let wire: Suite['wire'];
    let watched: ReturnType<typeof watchProcess>;
    const notes = new Notes();
    const signals = () => [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM'), process.listenerCount('beforeExit')];
    const signalsBefore = signals();
    const suite: Suite = {
      driver,
      get port() {
        return port;
      },
      get audit() {
        return audit;
      },
      get wire() {
        return wire;
      },
      fresh: async (env) => notes.of(await createComposio(configFor(driver, wire.url, env))),
      someone: () => entityId(`usr_${randomUUID()}`),
      async account(owner, app = 'slack', more = {}) {
        const [id = ''] = await emulator.seed({ owner, app, ...more });
        const { items } = await emulator.control('GET', `accounts?owner=${owner}`);
        const { uuid } = items.find((item: { id: string }) => item.id === id);
        return accountId(driver === 'core' ? id : uuid);
      },
      async pinned(owner, app = 'slack', more = {}) {
        return { id: await suite.account(owner, app, more), owner, app };
      },
      given: () => suite.pinned(suite.someone()),
    };

    beforeAll(async () => {
      wire = await wireTo(emulator.url);
      watched = watchProcess();
      const config = configFor(driver, wire.url);
      port = notes.of(await createComposio(config));
      audit = await createComposioAudit(config);
    });
    afterEach(async () => {
      await emulator.control('DELETE', 'faults');
    });
    afterAll(async () => {
      watched.stop();
      await wire.cut();
    });

    anywhere(suite);
    connecting(suite);
    reading(suite);
    removing(suite);
    executing(suite);
    failing(suite);

    describe('after all of this', () => {
      it('every kind of refusal was met, and nothing else was ever thrown', () => {
        expect([...notes.met].sort()).toEqual(EVERY_REFUSAL);
      });

      it("no effect was had with anybody else's account", async () => {
        const { items } = await emulator.control('GET', 'effects');
        const foreign = items.filter(({ callId, owner }: { callId: string; owner: string }) => notes.callers.get(callId) !== owner);
        expect(foreign).toEqual([]);
        expect(items.length).toBeGreaterThan(30);
        expect(new Set(items.map(({ callId }: { callId: string }) => callId)).size).toBe(items.length); // at most once
      });

      it('it says of itself what it cannot do', () => {
        const denied = Object.entries(port.supports).flatMap(([capability, has]) => (has ? [] : [capability]));
        expect(denied).toEqual(DENIED[driver]);
      });

      it('it spoke to nobody but the address it was given, and started no program', () => {
        const emulatorsOwn = new URL(emulator.url).host;
        expect([...watched.hosts].filter((host) => host !== emulatorsOwn)).toEqual([wire.host]);
        expect(watched.programs).toEqual([]);
        expect(signals()).toEqual(signalsBefore); // the SDKs' telemetry would end the process in its own way
      });
    });
  });
  if (driver === 'core') notRun('the core driver with @composio/core 0.21.0 (way B)', 'that version does not install by itself');
}
