import { randomUUID } from 'node:crypto';
import { ConnectionRemoved, UserDeleted } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { Drift, DriftReport } from '../src/drift/drift-report.entity.js';
import { RetentionWorker } from '../src/retention.worker.js';
import { UserTombstone } from '../src/watch/user-tombstone.entity.js';
import { WatchedConnection } from '../src/watch/watched-connection.entity.js';
import { WebhookDelivery } from '../src/watch/webhook-delivery.entity.js';
import { watched } from './watching.js';

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

describe('what is past its time', () => {
  let auditor: TestApp;
  beforeAll(async () => {
    auditor = await startApp(AppModule);
  });
  afterAll(() => auditor.close());

  const kept = async (rows: object[]) => {
    await auditor.app.get(RetentionWorker).tick();
    const found = await Promise.all(rows.map((row) => auditor.reload(row).catch(() => null)));
    return found.map((row) => row !== null);
  };

  it('goes: webhooks after 30 days, tombstones of users after 60', async () => {
    const delivery = (receivedAt: Date) =>
      auditor.save(Object.assign(new WebhookDelivery(), { id: randomUUID(), type: 'some.type', receivedAt }));
    const tombstone = (at: Date) => auditor.save(Object.assign(new UserTombstone(), { id: `usr_${randomUUID()}`, at }));
    const rows = [await delivery(daysAgo(31)), await delivery(daysAgo(29)), await tombstone(daysAgo(61)), await tombstone(daysAgo(59))];
    expect(await kept(rows)).toEqual([false, true, false, true]);
  });

  it('goes: a removed connection after 60 days, counted from the first time that was told, and never one that is watched', async () => {
    const [old, young, living] = await watched(auditor, 3);
    if (!old || !young || !living) throw new Error('three are watched');
    const removal = { ...old, by: 'user' } as const;
    await auditor.deliver(ConnectionRemoved, [removal, { ...young, by: 'user' }]);
    await auditor.save(Object.assign(await rowOf(old.connectionId), { removedAt: daysAgo(61) }));
    await auditor.deliver(ConnectionRemoved, removal);
    const rows = await Promise.all([old, young, living].map(({ connectionId }) => rowOf(connectionId)));
    expect(rows.map(({ removedAt }) => removedAt !== null)).toEqual([true, true, false]);
    expect(await kept(rows)).toEqual([false, true, true]);
  });

  it('goes: a report of drift after 30 days, with its differences', async () => {
    const report = (openedAt: Date) =>
      auditor.save(
        Object.assign(new DriftReport(), { id: randomUUID(), periodStart: openedAt, state: 'done', askedBy: 'op', fix: false, openedAt }),
      );
    const drift = (foundAt: Date) =>
      auditor.save(
        Object.assign(new Drift(), { reportId: randomUUID(), kind: 'extra', accountId: 'ca_1', app: 'slack', says: 'x', foundAt }),
      );
    const rows = [await report(daysAgo(31)), await report(daysAgo(29)), await drift(daysAgo(31)), await drift(daysAgo(29))];
    expect(await kept(rows)).toEqual([false, true, false, true]);
  });

  it('is not a user who was deleted today', async () => {
    const [one] = await watched(auditor, 1);
    if (!one) throw new Error('one is watched');
    await auditor.deliver(UserDeleted, { userId: one.userId });
    expect(await kept([Object.assign(new UserTombstone(), { id: one.userId })])).toEqual([true]);
  });

  const rowOf = (id: string) => auditor.reload(Object.assign(new WatchedConnection(), { id }));
});
