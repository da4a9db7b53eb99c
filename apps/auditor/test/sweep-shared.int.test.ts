import { ConnectionExpired } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { eventually, sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { sql } from 'kysely';
import { AppModule } from '../src/app.module.js';
import { Candidate } from '../src/sweep/candidate.entity.js';
import { LeaseShards } from '../src/sweep/lease-shards.js';
import { OpenCycle } from '../src/sweep/open-cycle.js';
import { Shard } from '../src/sweep/shard.entity.js';
import { SweepPage } from '../src/sweep/sweep-page.js';
import { again, sweep, type Watched, watched } from './watching.js';

describe('when several replicas sweep', () => {
  let one: TestApp;
  let other: TestApp;
  beforeAll(async () => {
    one = await startApp(AppModule);
    other = await startApp(AppModule);
    await sandboxControl.put('/_emulator/project', { pages: { max: 2 } });
  });
  afterAll(() => Promise.all([one.close(), other.close()]));
  afterEach(() => again(one));

  const broken = async (count: number, app: string) => {
    const all = await watched(one, count, app);
    for (const { userId } of all) await sandboxControl.post('/_emulator/break', { owner: userId, app, status: 'EXPIRED', webhook: false });
    return all;
  };
  const ids = (all: { connectionId: string }[]) => all.map(({ connectionId }) => connectionId).sort();
  const toldOf = async (all: Watched[]) =>
    (await one.told(ConnectionExpired)).filter(({ connectionId }) => ids(all).includes(connectionId));
  const freeShards = () =>
    asSystem(one.em, () => one.em.transactional((em) => sql`update shard set lease_until = null`.execute(em.getKysely())));

  it('there is one cycle, its pages are shared, and each break is told once', async () => {
    const all = [...(await broken(9, 'slack')), ...(await broken(9, 'gmail'))];
    await eventually(async () => {
      await Promise.all([sweep(one), sweep(other)]);
      expect(ids(await toldOf(all))).toEqual(ids(all));
    });
    const shards = await asSystem(one.em, () => one.em.find(Shard, { kind: 'sweep' }));
    expect(new Set(shards.map(({ owner }) => owner)).size).toBe(2);
    expect(shards.reduce((sum, { pages }) => sum + pages, 0)).toBe(16); // 5 of each app and 6 empty ones: none was read twice
  });

  it('one that was overtaken writes nothing, and what it left is found by the other', async () => {
    const all = await broken(3, 'notion');
    await asSystem(one.em, () => one.app.get(OpenCycle).execute(300));
    const shards = one.app.get(LeaseShards);
    const late = await eventually(async () => {
      const leased = await asSystem(one.em, () => shards.lease('sweep', 'late'));
      if (!leased?.shard.startsWith('EXPIRED') || !leased.apps?.includes('notion')) throw new Error('another shard');
      return leased;
    });
    await freeShards();
    await asSystem(other.em, () => other.app.get(LeaseShards).lease('sweep', 'next'));
    expect(await asSystem(one.em, () => one.app.get(SweepPage).execute({ ...late, fence: late.fence - 1 }))).toBeNull();
    expect(await asSystem(one.em, () => one.em.find(Candidate, {}))).toEqual([]);
    await freeShards();
    await sweep(other);
    expect(ids(await toldOf(all))).toEqual(ids(all));
  });

  it('a page token that is not taken any more starts its shard anew', async () => {
    const all = await broken(3, 'github');
    await asSystem(one.em, () => one.app.get(OpenCycle).execute(300));
    await asSystem(one.em, () => one.em.transactional((em) => sql`update shard set cursor = 'of-yesterday'`.execute(em.getKysely())));
    await eventually(async () => {
      await freeShards();
      await sweep(one);
      expect(ids(await toldOf(all))).toEqual(ids(all));
    });
  });
});
