import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { UserTombstone } from '../src/contacts/user-tombstone.entity.js';
import { Delivery } from '../src/deliveries/delivery.entity.js';
import { Notification } from '../src/notifications/notification.entity.js';
import { Subject } from '../src/notifications/subject.entity.js';
import { RetentionWorker } from '../src/retention.worker.js';

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

describe('what is past its time', () => {
  let notifier: TestApp;
  beforeAll(async () => {
    notifier = await startApp(AppModule);
  });
  afterAll(() => notifier.close());

  const userId = `usr_${randomUUID()}`;
  const kept = async (rows: object[]) => {
    await notifier.app.get(RetentionWorker).tick();
    const found = await Promise.all(rows.map((row) => notifier.reload(row).catch(() => null)));
    return found.map((row) => row !== null);
  };

  it('goes: messages after NOTIFICATIONS_KEPT_DAYS (180), with what was sent of them', async () => {
    const message = async (createdAt: Date) => {
      const id = randomUUID();
      const words = { facts: {}, link: '/settings/integrations' };
      const about = { kind: 'connection.expired', subject: `connection:${id}`, incident: '1', epoch: 1, app: 'slack', accountId: 'ca_1' };
      const notification = Object.assign(new Notification(), {
        ...{ id, userId, ...about, ...words, state: 'posted', factAt: createdAt, createdAt },
      });
      const delivery = Object.assign(new Delivery(), {
        ...{ notificationId: id, channel: 'email', step: 0, userId, state: 'sent', dueAt: createdAt },
      });
      return [await notifier.save(notification), await notifier.save(delivery)];
    };
    const rows = [...(await message(daysAgo(181))), ...(await message(daysAgo(179)))];
    expect(await kept(rows)).toEqual([false, false, true, true]);
  });

  it('goes: subjects that are closed, and tombstones, after 60 days; never the mark of a connection that lives', async () => {
    const subject = (settledAt: Date, closed: boolean) =>
      notifier.save(
        Object.assign(new Subject(), { id: `run:${randomUUID()}`, userId, epoch: 0, accountId: null, pastAccounts: [], settledAt, closed }),
      );
    const tombstone = (at: Date) => notifier.save(Object.assign(new UserTombstone(), { id: `usr_${randomUUID()}`, at }));
    const rows = [
      ...[await subject(daysAgo(61), true), await subject(daysAgo(59), true), await subject(daysAgo(400), false)],
      ...[await tombstone(daysAgo(61)), await tombstone(daysAgo(59))],
    ];
    expect(await kept(rows)).toEqual([false, true, true, false, true]);
  });
});
