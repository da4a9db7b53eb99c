import type { EntityManager } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import type { OutRecord } from './kafka/driver.js';
import type { Waiting } from './outbox-queue.js';
import { Relay } from './relay.js';
import type { Shard } from './shard-leases.js';

const LEASE = 10;
const SHARDS = [0, 1, 2];

/** The outbox, who leases what by the database's clock, and the topic. Time passes only when a schedule says so. */
class World {
  now = 0;
  readonly outbox: Waiting[] = [];
  readonly topic: string[] = [];
  private seq = 0;
  private readonly leases = SHARDS.map((shard) => ({ shard, owner: '', until: -1, fence: 0 }));

  constructor(private readonly scheduler: fc.Scheduler) {}

  add(key: number): void {
    this.seq++;
    const row = { shard: key % SHARDS.length, seq: String(this.seq), topic: 't', key: `k${key}`, event_id: `k${key}/${this.seq}` };
    this.outbox.push({ ...row, trace: null, extra: null, body: '{}', created_at: '2026-01-01T00:00:00Z' });
  }

  /** A relay whose process has pauses of any length at any step. `faults`: what becomes of its sends, in turn. */
  relay(name: string, faults: ('arrives' | 'is lost' | 'arrives, and nobody hears of it')[]): Relay {
    const step = () => this.scheduler.schedule(Promise.resolve(), name);
    const send = async (records: readonly OutRecord[]) => {
      const fault = faults.shift() ?? 'arrives';
      await step();
      if (fault !== 'is lost') this.topic.push(...records.map(({ headers }) => String(headers.ce_id)));
      await step();
      if (fault !== 'arrives') throw new Error('nobody answered');
    };
    const producer = { send, close: () => Promise.resolve() };
    const relay = new Relay({} as EntityManager, { producer: () => Promise.resolve(producer) }, { app: 'probe' }, name);
    return Object.assign(relay, { leases: this.leasesOf(name, step), queue: this.queue(step) });
  }

  private leasesOf(owner: string, step: () => Promise<void>) {
    let held: Shard[] = [];
    let until = -1;
    const world = this;
    return {
      get current() {
        return world.now < until ? held : [];
      },
      renew: async () => {
        const before = world.now;
        await step();
        const mine = world.leases.filter((lease) => lease.owner === owner || lease.until <= world.now);
        for (const lease of mine) {
          if (lease.owner !== owner || lease.until <= world.now) lease.fence++;
          Object.assign(lease, { owner, until: world.now + LEASE });
        }
        held = mine.map(({ shard, fence }) => ({ shard, fence: String(fence) }));
        await step();
        until = before + LEASE * 0.9;
      },
    };
  }

  private queue(step: () => Promise<void>) {
    return {
      read: async (shards: readonly Shard[], perShard: number) => {
        await step();
        const rows = shards.flatMap(({ shard }) => this.outbox.filter((row) => row.shard === shard).slice(0, perShard));
        await step();
        return rows;
      },
      remove: async (rows: readonly Waiting[], shards: readonly Shard[]) => {
        await step();
        const mine = new Set(shards.filter(({ shard, fence }) => String(this.leases[shard]?.fence) === fence).map(({ shard }) => shard));
        const gone = rows.filter((row) => mine.has(row.shard) && this.outbox.includes(row));
        for (const row of gone) this.outbox.splice(this.outbox.indexOf(row), 1);
        await step();
        return gone.length;
      },
    };
  }
}

const action = fc.oneof(
  fc.record({ do: fc.constant('add' as const), key: fc.nat(5) }),
  fc.record({ do: fc.constant('add' as const), key: fc.nat(5) }),
  fc.record({ do: fc.constant('round' as const), relay: fc.nat(2) }),
  fc.record({ do: fc.constant('renew' as const), relay: fc.nat(2) }),
  fc.record({ do: fc.constant('pass' as const), time: fc.integer({ min: 1, max: 15 }) }),
);
const fault = fc.constantFrom('arrives' as const, 'arrives' as const, 'is lost' as const, 'arrives, and nobody hears of it' as const);
const faultLists = fc.tuple(fc.array(fault), fc.array(fault), fc.array(fault));

describe('whatever happens to relays, their leases and their sends', () => {
  it('sends every row, and the first copies of each key in their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(action, { maxLength: 60 }), faultLists, async (scheduler, actions, faults) => {
        const world = new World(scheduler);
        const relays = faults.map((list, i) => world.relay(`r${i}`, [...list]));
        const added: string[] = [];
        const running: Promise<unknown>[] = [];
        const quietly = (work: Promise<unknown>) => running.push(work.catch(() => undefined));
        for (const one of actions) {
          if (one.do === 'add') {
            world.add(one.key);
            added.push(world.outbox.at(-1)?.event_id ?? '');
          } else if (one.do === 'pass') world.now += one.time;
          else if (one.do === 'renew') quietly(relays[one.relay]?.leases.renew() ?? Promise.resolve());
          else quietly(relays[one.relay]?.round() ?? Promise.resolve());
          await scheduler.waitNext(Math.min(1, scheduler.count()));
        }
        await scheduler.waitFor(Promise.all(running));
        world.now += 2 * LEASE;
        const last = world.relay('last', []);
        await scheduler.waitFor(last.round());
        const first = [...new Set(world.topic)];
        expect([...first].sort()).toEqual([...added].sort());
        for (const key of new Set(added.map((id) => id.split('/')[0]))) {
          const mine = (list: readonly string[]) => list.filter((id) => id.startsWith(`${key}/`));
          expect(mine(first)).toEqual(mine(added));
        }
        expect(world.outbox).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
