import { auditHealth, ConnectionExpired, driftReport, timeline } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { sql } from 'kysely';
import { AppModule } from '../src/app.module.js';
import { sweep, watched } from './watching.js';

describe('what operators see of the audit', () => {
  let auditor: TestApp;
  let operator: ReturnType<TestApp['as']>;
  beforeAll(async () => {
    auditor = await startApp(AppModule);
    operator = auditor.as({ kind: 'operator', id: 'olga', roles: ['operator'] });
  });
  afterAll(() => auditor.close());

  it('the last sweep and its calls; one more begins at once, for a reason that is kept, unless one is under way', async () => {
    expect(auditHealth.parse((await operator.get('/admin/audit')).body)).toMatchObject({ lastSweep: null, uncheckedSeconds: null });
    const [one] = await watched(auditor, 1);
    await sweep(auditor);
    await sandboxControl.patch(`/_emulator/accounts/${one?.accountId}`, { status: 'EXPIRED' });
    await sweep(auditor);
    expect(await auditor.told(ConnectionExpired)).toEqual([]); // the period is not over
    const ask = (body: object) => operator.post('/admin/sweep', body);
    expect(await ask({})).toMatchObject({ status: 400 });
    expect((await ask({ reason: 'a doubt', dryRun: true })).body).toEqual({ touches: 1, dryRun: true });
    expect((await ask({ reason: 'a doubt' })).body).toEqual({ touches: 1, dryRun: false });
    expect(await ask({ reason: 'a doubt' })).toMatchObject({ status: 409 });
    await sweep(auditor);
    expect(await auditor.told(ConnectionExpired)).toMatchObject([{ userId: one?.userId }]);
    const health = auditHealth.parse((await operator.get('/admin/audit')).body);
    expect(health.lastSweep).toMatchObject({ closedAt: expect.any(String) });
    expect(health.lastSweep?.shardsDone).toBe(health.lastSweep?.shards);
    expect(health.calls.find(({ work }) => work === 'sweep')?.count).toBeGreaterThan(0);
    const acts = sql`select by_whom, note from operator_act where action = 'sweep'`;
    const kept = await asSystem(auditor.em, () => auditor.em.transactional((em) => acts.execute(em.getKysely())));
    expect(kept.rows).toEqual([{ by_whom: 'olga', note: 'a doubt' }]);
    const { data } = timeline.parse((await operator.get(`/admin/users/${one?.userId}/timeline`)).body);
    expect(data).toContainEqual(expect.objectContaining({ kind: 'audit', id: one?.connectionId, app: 'slack', state: 'broken' }));
  });

  it('a comparison with Composio that repairs, for a reason that is kept', async () => {
    const report = driftReport.parse((await operator.post('/admin/drift', { fix: true, reason: 'after the outage' })).body);
    expect(report).toMatchObject({ state: 'running', fix: true, askedBy: 'olga' });
    const acts = sql`select by_whom, action, note from operator_act where subject = ${`report:${report.id}`}`;
    const kept = await asSystem(auditor.em, () => auditor.em.transactional((em) => acts.execute(em.getKysely())));
    expect(kept.rows).toEqual([{ by_whom: 'olga', action: 'drift fix', note: 'after the outage' }]);
  });

  it('are no user’s to see', async () => {
    const user = auditor.as('ana');
    for (const path of ['/admin/audit', '/admin/users/ana/timeline', '/admin/dead-letters', '/admin/messaging'])
      expect(await user.get(path)).toMatchObject({ status: 403 });
    expect(await user.post('/admin/sweep', { reason: 'because' })).toMatchObject({ status: 403 });
  });
});
