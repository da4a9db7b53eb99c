import { randomUUID } from 'node:crypto';
import { ConnectionActivated, ConnectionExpired, timeline, UserCreated } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { startApp, type TestApp } from '@gatehouse/testing';
import { sql } from 'kysely';
import { AppModule } from '../src/app.module.js';
import { Delivery } from '../src/deliveries/delivery.entity.js';
import { someone } from './facts.js';

describe('what operators see of messages', () => {
  let app: TestApp;
  let operator: ReturnType<TestApp['as']>;
  beforeAll(async () => {
    app = await startApp(AppModule);
    operator = app.as({ kind: 'operator', id: 'olga', roles: ['operator'] });
  });
  afterAll(() => app.close());

  it('kinds, states and times, never words; what was given up is sent once more, and what was sent is not', async () => {
    const { userId, created, activated, expired } = someone();
    await app.deliver(UserCreated, created);
    await app.deliver(ConnectionActivated, activated);
    await app.deliver(ConnectionExpired, expired);
    const read = async () => timeline.parse((await operator.get(`/admin/users/${userId}/timeline`)).body);
    const { data, more } = await read();
    expect([more, data]).toEqual([false, [expect.objectContaining({ kind: 'connection.expired', app: 'slack', state: 'posted' })]]);
    expect(JSON.stringify(data)).not.toMatch(/agent|example\.com/);
    const id = data[0]?.id ?? '';
    const deliveries = () =>
      asSystem(app.em, () => app.em.find(Delivery, { notificationId: id, channel: 'email' }, { orderBy: { step: 'asc' }, refresh: true }));
    const settle = (step: number, state: string) =>
      asSystem(app.em, () =>
        app.em.transactional((em) =>
          sql`update delivery set state = ${state}, attempts = 20
        where notification_id = ${id} and channel = 'email' and step = ${step}`.execute(em.getKysely()),
        ),
      );
    await settle(0, 'failed');
    await settle(1, 'sent');
    const resend = (body: object) => operator.post(`/admin/notifications/${id}/resend`, body);
    expect(await resend({})).toMatchObject({ status: 400 });
    expect((await resend({ reason: 'mail was down', dryRun: true })).body).toEqual({ touches: 1, dryRun: true });
    expect((await deliveries())[0]).toMatchObject({ state: 'failed' });
    expect((await resend({ reason: 'mail was down' })).body).toEqual({ touches: 1, dryRun: false });
    expect(await deliveries()).toMatchObject([{ state: 'pending', attempts: 0 }, { state: 'sent' }, { state: 'pending' }]);
    const acts = sql`select by_whom, note from operator_act where subject = ${`notification:${id}`}`;
    const kept = await asSystem(app.em, () => app.em.transactional((em) => acts.execute(em.getKysely())));
    expect(kept.rows).toEqual([{ by_whom: 'olga', note: 'mail was down' }]);
    expect(await operator.post(`/admin/notifications/${randomUUID()}/resend`, { reason: 'mail was down' })).toMatchObject({ status: 404 });
  });

  it('are no user’s to see', async () => {
    const user = app.as('ana');
    for (const path of ['/admin/users/ana/timeline', '/admin/dead-letters', '/admin/messaging'])
      expect(await user.get(path)).toMatchObject({ status: 403 });
    expect(await user.post(`/admin/notifications/${randomUUID()}/resend`, { reason: 'because' })).toMatchObject({ status: 403 });
  });
});
