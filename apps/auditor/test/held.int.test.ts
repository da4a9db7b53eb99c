import { ConnectionExpired, ConnectionSuspected, type HeldApp, heldApp } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { sql } from 'kysely';
import { AppModule } from '../src/app.module.js';
import { Candidate } from '../src/sweep/candidate.entity.js';
import { again, sweep, type Watched, watched } from './watching.js';

const setStatus = (all: Watched[], status: string) =>
  Promise.all(all.map(({ accountId }) => sandboxControl.patch(`/_emulator/accounts/${accountId}`, { status })));

describe('what the blast-radius guard holds', () => {
  let auditor: TestApp;
  beforeAll(async () => {
    auditor = await startApp(AppModule);
  });
  afterAll(() => auditor.close());

  const held = async (app: string) => (await asSystem(auditor.em, () => auditor.em.find(Candidate, { app, state: 'held' }))).length;
  const told = async (name: string) => (await auditor.told(ConnectionExpired)).filter(({ app }) => app === name).length;
  const nextSweep = async () => {
    await again(auditor);
    const past = sql`update candidate set period_start = period_start - interval '5 minutes'`; // what was seen was seen by an earlier sweep
    await asSystem(auditor.em, () => auditor.em.transactional((em) => past.execute(em.getKysely())));
    await sweep(auditor);
  };

  it('leaves by itself when the accounts recover, and nobody was told', async () => {
    const all = await watched(auditor, 21, 'slack');
    await setStatus(all, 'EXPIRED');
    await sweep(auditor);
    expect(await held('slack')).toBe(21);
    await nextSweep();
    expect(await held('slack')).toBe(21);
    await setStatus(all, 'ACTIVE');
    await nextSweep();
    await nextSweep();
    expect([await held('slack'), await told('slack')]).toEqual([0, 0]);
  });

  it('leaves by another direct read where a direct read had found it: what is deleted is in no list', async () => {
    const all = await watched(auditor, 21, 'gmail');
    const [recovers, ...gone] = all as [Watched, ...Watched[]];
    await setStatus([recovers], 'REVOKED');
    for (const { accountId } of gone) await sandboxControl.patch(`/_emulator/accounts/${accountId}`, { deleted: true });
    await auditor.deliver(
      ConnectionSuspected,
      all.map((one) => ({ ...one, epoch: 0, evidence: 'invalid_auth' })),
    );
    await sweep(auditor);
    expect(await held('gmail')).toBe(21);
    await setStatus([recovers], 'ACTIVE');
    for (let i = 0; i < 3; i++) await nextSweep();
    expect([await held('gmail'), await told('gmail')]).toEqual([20, 0]);
  });

  it('breaks when it is released, is forgotten when it is discarded, and is found again if it still is broken', async () => {
    const all = await watched(auditor, 21, 'github');
    await setStatus(all, 'EXPIRED');
    await nextSweep();
    const operator = auditor.as({ kind: 'operator', id: 'op', roles: ['operator'] });
    const { data } = (await operator.get('/admin/held')).body as { data: HeldApp[] };
    expect(data.map((one) => heldApp.parse(one))).toContainEqual(expect.objectContaining({ app: 'github', held: 21, active: 21 }));
    const look = await operator.post('/admin/held/github/release', { reason: 'it is true', dryRun: true });
    expect(look.body).toEqual({ app: 'github', settled: 21, dryRun: true });
    expect(await held('github')).toBe(21);
    expect((await operator.post('/admin/held/github/discard', { reason: 'a fault of theirs' })).body).toMatchObject({ settled: 21 });
    expect([await held('github'), await told('github')]).toEqual([0, 0]);
    await nextSweep();
    expect(await held('github')).toBe(21);
    await operator.post('/admin/held/github/release', { reason: 'it is true' });
    await sweep(auditor);
    expect([await held('github'), await told('github')]).toEqual([0, 21]);
    const acts = sql<{ note: string }>`select by_whom, action, note, result from operator_act where subject = 'app:github' order by id`;
    const kept = await asSystem(auditor.em, () => auditor.em.transactional((em) => acts.execute(em.getKysely())));
    expect(kept.rows).toEqual([
      { by_whom: 'op', action: 'held discard', note: 'a fault of theirs', result: '21 connections' },
      { by_whom: 'op', action: 'held release', note: 'it is true', result: '21 connections' },
    ]);
  });
});
