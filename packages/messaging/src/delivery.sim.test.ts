import { UserCreated } from '@gatehouse/contracts';
import fc from 'fast-check';
import type { BatchTransaction, Committed } from './batch-transaction.js';
import { ConsumerLoop } from './consumer-loop.js';
import type { Decoded } from './envelope.js';
import { PermanentError } from './errors.js';
import { FloodGuard } from './flood-guard.js';
import type { Handlers } from './handlers.js';
import { Intake } from './intake.js';
import type { FetchedBatch } from './kafka/driver.js';
import type { ParkedKeys } from './parked-keys.js';
import type { RawMessage } from './raw-message.js';

const TOPIC = UserCreated.type;

/** What stands in the partition: good events, events that their handler refuses, and bodies that are no JSON; some of them again. */
type Kind = 'good' | 'refused' | 'broken';
interface Plan {
  readonly kind: Kind;
  readonly user: number;
  /** This record is a copy of an earlier one. */
  readonly copyOf: number | undefined;
}
type Fate = 'well' | 'database down' | 'killed before the commit' | 'killed after the commit';
interface Incarnation {
  readonly fetch: number;
  /** What befalls each of its transactions in turn; all goes well afterwards. */
  readonly fates: readonly Fate[];
}

const plans = fc.array(
  fc.record({
    kind: fc.oneof({ weight: 6, arbitrary: fc.constant<Kind>('good') }, fc.constantFrom<Kind>('refused', 'broken')),
    user: fc.nat(3),
    copyOf: fc.option(fc.nat(30), { nil: undefined, freq: 4 }),
  }),
  { minLength: 1, maxLength: 30 },
);
const fate = fc.constantFrom<Fate>('well', 'well', 'database down', 'killed before the commit', 'killed after the commit');
const incarnations = fc.array(fc.record({ fetch: fc.integer({ min: 1, max: 12 }), fates: fc.array(fate, { maxLength: 6 }) }), {
  maxLength: 6,
});

/** One partition, one database, and whoever believes to own them. */
class World {
  committed = 0;
  readonly inbox = new Set<string>();
  readonly handled: string[] = [];
  readonly dead: string[] = [];
  readonly log: RawMessage[];
  private readonly nameOf = new Map<string, string>();

  constructor(
    private readonly plan: readonly Plan[],
    private readonly scheduler: fc.Scheduler,
  ) {
    this.log = plan.map((_, offset) => this.record(offset));
  }

  get originals(): { id: string; user: string; kind: Kind }[] {
    return this.plan.flatMap(({ kind, user }, i) => (this.original(i) === i ? [{ id: `e${i}`, user: `u${user}`, kind }] : []));
  }

  /** A process with this partition, until it has read to the end or is killed. Offsets of a dead process reach nobody. */
  async live({ fetch, fates }: Incarnation): Promise<void> {
    const ahead = [...fates];
    let killed = false;
    const intake = this.intake(
      () => ahead.shift() ?? 'well',
      () => (killed = true),
    );
    const loop = new ConsumerLoop(intake, { resume: () => undefined }, { flood: new FloodGuard(1000), probe: () => Promise.resolve() });
    for (let at = this.committed; at < this.log.length && !killed && !loop.closed; ) {
      const messages = this.log.slice(at, at + fetch);
      let resolved = at;
      const commit = () => {
        if (!killed) this.committed = resolved; // kafkajs commits what was resolved; an older owner may even take it back
        return Promise.resolve();
      };
      const batch = { topic: TOPIC, partition: 0, messages, commit, heartbeat: () => Promise.resolve(), pause: () => undefined };
      const resolve = (offset: string) => {
        resolved = Number(offset) + 1;
      };
      await loop.onBatch({ ...batch, resolve, isRunning: () => !killed, isStale: () => false } as FetchedBatch);
      await commit();
      at = Math.max(resolved, at);
    }
    await loop.drain(0);
  }

  private intake(next: () => Fate, kill: () => void): Intake {
    const transaction = {
      run: async (_: string, items: readonly Decoded[], mode: 'plain' | 'careful') => {
        const fate = next();
        await this.scheduler.schedule(Promise.resolve(), 'at work');
        if (fate === 'killed before the commit') kill();
        if (fate === 'killed before the commit' || fate === 'database down') throw Object.assign(new Error('gone'), { code: '57P01' });
        const counts = this.commit(items, mode);
        if (fate === 'killed after the commit') kill();
        await this.scheduler.schedule(Promise.resolve(), 'committed');
        return counts;
      },
    };
    const handlers = { get: () => ({ contract: UserCreated }) };
    return new Intake(handlers as unknown as Handlers, transaction as unknown as BatchTransaction, {} as ParkedKeys, new FloodGuard(1000));
  }

  /** As Postgres would: all or nothing, and an id once. */
  private commit(items: readonly Decoded[], mode: 'plain' | 'careful'): Committed {
    const repeated = items.filter(({ eventId }) => this.inbox.has(eventId));
    if (mode === 'plain' && repeated.length > 0) throw Object.assign(new Error('repeat'), { code: '23505', table: 'inbox_20260101' });
    const fresh = items.filter((item) => !repeated.includes(item));
    const going = fresh.filter(({ failure }) => !failure);
    if (going.some(({ event }) => event?.data.name === 'refused')) throw new PermanentError('no', 'refused');
    for (const { eventId } of fresh) this.inbox.add(eventId);
    this.handled.push(...going.map(({ eventId }) => this.nameOf.get(eventId) ?? ''));
    const dead = fresh.filter(({ failure }) => failure);
    this.dead.push(...dead.map(({ eventId }) => this.nameOf.get(eventId) ?? ''));
    return { done: going.length, repeated: repeated.length, dead: dead.length, parked: 0 };
  }

  private original(index: number): number {
    const copied = this.plan[index]?.copyOf;
    return copied !== undefined && copied < index ? this.original(copied) : index;
  }

  private record(offset: number): RawMessage {
    const first = this.original(offset);
    const { kind = 'good', user = 0 } = this.plan[first] ?? {};
    const id = `018f0000-0000-7000-8000-${String(first).padStart(12, '0')}`;
    this.nameOf.set(id, `e${first}`);
    const userId = `u${user}`;
    const headers = { ce_specversion: '1.0', ce_id: id, ce_type: TOPIC, ce_source: 'gatehouse/test', ce_subject: userId };
    const body = kind === 'broken' ? '{' : JSON.stringify({ userId, email: 'a@example.com', name: kind });
    return {
      partition: 0,
      offset: String(offset),
      key: Buffer.from(userId),
      value: Buffer.from(body),
      headers: { ...headers, ce_time: new Date().toISOString() },
      timestamp: String(Date.now()),
    };
  }
}

function expectWhole({ originals, handled, dead }: World): void {
  const good = originals.filter(({ kind }) => kind === 'good');
  for (const user of new Set(good.map((one) => one.user))) {
    const mine = good.filter((one) => one.user === user).map(({ id }) => id);
    expect(handled.filter((id) => mine.includes(id))).toEqual(mine); // all, once, in order
  }
  expect(handled).toHaveLength(good.length);
  expect([...dead].sort()).toEqual(
    originals
      .filter(({ kind }) => kind !== 'good')
      .map(({ id }) => id)
      .sort(),
  );
}

const healthy: Incarnation = { fetch: 7, fates: [] };

describe('whatever happens to the owners of a partition', () => {
  it('handles each event once, in order of its key, and only bad ones become dead letters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plans, incarnations, async (scheduler, plan, lives) => {
        const world = new World(plan, scheduler);
        for (const life of lives) await scheduler.waitFor(world.live(life));
        await scheduler.waitFor(world.live(healthy));
        expect(world.committed).toBe(plan.length);
        expectWhole(world);
      }),
      { numRuns: 2000 },
    );
  });

  it('does so with two owners at a time, when a session expired without its owner noticing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plans, incarnations, async (scheduler, plan, lives) => {
        const world = new World(plan, scheduler);
        await scheduler.waitFor(Promise.all([...lives, healthy].map((life) => world.live(life))));
        await scheduler.waitFor(world.live(healthy)); // an older owner may have committed an older offset
        expectWhole(world);
      }),
      { numRuns: 1000 },
    );
  });
});
