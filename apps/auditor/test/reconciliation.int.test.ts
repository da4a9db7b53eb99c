import { randomUUID } from 'node:crypto';
import { ConnectionActivated, ConnectionExpired, UserDeleted } from '@gatehouse/contracts';
import { eventually, sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { BreaksWorker } from '../src/breaks.worker.js';
import type { Drift, DriftReport } from '../src/drift/drift-report.entity.js';
import { ReconcileWorker } from '../src/reconcile.worker.js';
import { type Watched, watched } from './watching.js';

interface Shown {
  report: DriftReport;
  findings: Drift[];
}
const patch = (id: string, change: object) => sandboxControl.patch(`/_emulator/accounts/${id}`, change);
const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString();

describe('when all that is watched is compared with all that Composio has', () => {
  let auditor: TestApp;
  beforeAll(async () => {
    auditor = await startApp(AppModule);
    await run(false); // the one of this day's schedule is not in the way then
  });
  afterAll(() => auditor.close());

  const operator = () => auditor.as({ kind: 'operator', id: 'op', roles: ['operator'] });
  const tick = () => auditor.app.get(ReconcileWorker).tick();
  async function run(fix: boolean): Promise<Shown> {
    await settled();
    const { status, body } = await operator().post('/admin/drift', { fix });
    expect(status).toBe(202);
    await settled();
    return (await operator().get(`/admin/drift/${(body as DriftReport).id}`)).body as Shown;
  }
  const settled = () =>
    eventually(async () => {
      await tick();
      const { data } = (await operator().get('/admin/drift')).body as { data: DriftReport[] };
      expect(data.filter(({ state }) => state === 'running')).toEqual([]);
    });
  const of = ({ findings }: Shown, ...ids: string[]) =>
    findings.flatMap(({ kind, accountId, connectionId }) => (ids.includes(accountId) ? [{ kind, connectionId }] : []));
  const toldOf = async (connectionId: string) =>
    (await auditor.told(ConnectionExpired)).filter((told) => told.connectionId === connectionId);
  const some = async (count: number) => (await watched(auditor, count)) as [Watched, ...Watched[]];
  const seedUnwatched = async (owner: string, createdAt: string, status = 'ACTIVE') => {
    const { accounts } = await sandboxControl.post<{ accounts: { id: string }[] }>('/_emulator/seed', {
      accounts: [{ owner, app: 'slack', status, createdAt }],
    });
    return accounts[0]?.id ?? '';
  };

  it('each difference is in the report, under its kind, and nothing else is', async () => {
    const [fine, gone, foreign, expired, twice] = await some(5);
    if (!gone || !foreign || !expired || !twice) throw new Error('five are watched');
    await patch(gone.accountId, { deleted: true });
    await patch(foreign.accountId, { owner: `usr_${randomUUID()}` });
    await patch(expired.accountId, { status: 'EXPIRED' });
    await auditor.deliver(ConnectionActivated, { ...twice, connectionId: randomUUID(), epoch: 0, reconnected: false });
    const extra = await seedUnwatched(`usr_${randomUUID()}`, hourAgo());
    const second = await seedUnwatched(fine.userId, hourAgo());
    const attempt = await seedUnwatched(`usr_${randomUUID()}`, new Date().toISOString());
    const abandoned = await seedUnwatched(`usr_${randomUUID()}`, hourAgo(), 'EXPIRED');
    const report = await run(false);
    expect(of(report, gone.accountId)).toEqual([{ kind: 'missing', connectionId: gone.connectionId }]);
    expect(of(report, foreign.accountId)).toEqual([{ kind: 'wrong_owner', connectionId: foreign.connectionId }]);
    expect(of(report, expired.accountId)).toEqual([{ kind: 'wrong_status', connectionId: expired.connectionId }]);
    expect(of(report, twice.accountId)).toMatchObject([{ kind: 'duplicate' }]);
    expect(
      of(report, extra, second)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['duplicate', 'extra']);
    expect(of(report, fine.accountId, attempt, abandoned)).toEqual([]);
    expect(report.report).toMatchObject({ missing: 1, wrongOwner: 1, wrongStatus: 1, extra: 1, duplicate: 2, unproven: 0, askedBy: 'op' });
    await auditor.app.get(BreaksWorker).tick();
    for (const one of [gone, foreign, expired]) expect(await toldOf(one.connectionId)).toEqual([]);
    for (const id of [gone.accountId, foreign.accountId, expired.accountId]) await patch(id, { deleted: true });
  });

  it('what may be repaired breaks, once each, by a direct read; no account is removed', async () => {
    const [gone, foreign, revoked] = await some(3);
    if (!foreign || !revoked) throw new Error('three are watched');
    await patch(gone.accountId, { deleted: true });
    await patch(foreign.accountId, { owner: `usr_${randomUUID()}` });
    await patch(revoked.accountId, { status: 'REVOKED' });
    const extra = await seedUnwatched(`usr_${randomUUID()}`, hourAgo());
    await run(true);
    await auditor.app.get(BreaksWorker).tick();
    await run(true);
    await auditor.app.get(BreaksWorker).tick();
    expect(await toldOf(gone.connectionId)).toMatchObject([
      { status: 'REVOKED', reason: 'deleted at Composio', detectedBy: 'sweep', epoch: 1 },
    ]);
    expect(await toldOf(foreign.connectionId)).toMatchObject([{ status: 'REVOKED', epoch: 1 }]);
    expect(await toldOf(revoked.connectionId)).toMatchObject([{ status: 'REVOKED', epoch: 1 }]);
    const { items } = await sandboxControl.get<{ items: { id: string; deleted: boolean }[] }>('/_emulator/accounts');
    expect(items.find(({ id }) => id === extra)).toMatchObject({ deleted: false });
  });

  it('a list that leaves out what is there says nothing against it', async () => {
    const some30 = await some(30);
    await sandboxControl.put('/_emulator/project', { pages: { fault: 'repeated', max: 10 } });
    const report = await run(true);
    await sandboxControl.put('/_emulator/project', { pages: { fault: 'none', max: 50 } });
    expect(report.report.accounts).toBeLessThan(30);
    expect(of(report, ...some30.map(({ accountId }) => accountId))).toEqual([]);
  });

  it('an error concludes nothing, and the reconciliation goes on when it is over', async () => {
    const [one] = await some(1);
    await patch(one.accountId, { deleted: true });
    await sandboxControl.post('/_emulator/faults', { match: { path: '/api/v3.1/connected_accounts' }, effect: { status: 500 } });
    const { status } = await operator().post('/admin/drift', {});
    expect(status).toBe(202);
    await tick();
    expect((await operator().post('/admin/drift', {})).status).toBe(409);
    await sandboxControl.delete('/_emulator/faults');
    await settled();
    const [{ id }] = ((await operator().get('/admin/drift')).body as { data: [DriftReport] }).data;
    expect(of((await operator().get(`/admin/drift/${id}`)).body as Shown, one.accountId)).toMatchObject([{ kind: 'missing' }]);
  });

  it('a deleted user leaves the reports', async () => {
    const [one] = await some(1);
    await patch(one.accountId, { deleted: true });
    const { report } = await run(false);
    await auditor.deliver(UserDeleted, { userId: one.userId });
    expect(of((await operator().get(`/admin/drift/${report.id}`)).body as Shown, one.accountId)).toEqual([]);
  });

  it('is for operators', async () => {
    expect((await auditor.as('somebody').get('/admin/drift')).status).toBe(403);
    expect((await auditor.as('somebody').post('/admin/drift', {})).status).toBe(403);
    expect((await auditor.anyone.get('/admin/drift')).status).toBe(401);
  });
});
