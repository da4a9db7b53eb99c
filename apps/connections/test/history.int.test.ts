import { randomUUID } from 'node:crypto';
import { ConnectionExpired, type ConnectionView, UserDeleted } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { aUser, click, connect, consent, verify } from './connecting.js';

const { AppModule } = await import('../src/app.module.js');
const { Account } = await import('../src/connections/account.entity.js');
const { Connection } = await import('../src/connections/connection.entity.js');
const { ConnectionChange } = await import('../src/connections/connection-change.entity.js');
const { PendingWorker } = await import('../src/connections/pending.worker.js');
const { RemovalsWorker } = await import('../src/removals/removals.worker.js');

interface Change {
  id: string;
  was: string | null;
  status: string;
  reason: string | null;
  detectedBy: string;
  accountId: string | null;
  epoch: number;
  at: string;
}

describe('the history of a connection', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterAll(() => app.close());

  const page = async (userId: string, id: string, query = '') =>
    (await app.as(userId).get(`/v1/connections/${id}/history${query}`)).body as { data: Change[]; nextCursor: string | null };
  const told = async (userId: string, id: string) =>
    (await page(userId, id)).data.reverse().map(({ was, status, reason, detectedBy }) => [was, status, reason, detectedBy]);
  const expired = ({ id, accountId }: ConnectionView, userId: string, detectedBy: 'sweep' | 'webhook' | 'run', epoch = 1) =>
    app.deliver(ConnectionExpired, {
      ...{ connectionId: id, userId, app: 'slack', accountId: accountId ?? '', epoch, status: 'EXPIRED', reason: 'the grant was lost' },
      ...{ detectedBy, detectedAt: new Date().toISOString() },
    });
  const over = (userId: string) =>
    asUsers(app.em, [userId], () => app.em.nativeUpdate(Account, { userId }, { workAt: new Date(0), expiresAt: new Date(0) }));

  it('says what, why, by whom and when, from the first click to the end, page by page', async () => {
    const userId = aUser();
    const before = await connect(app, userId);
    const batch = await expired(before, userId, 'webhook');
    await app.deliverAgain(batch);
    const { connectUrl } = (await app.as(userId).post(`/v1/connections/${before.id}/reconnect`)).body;
    await app.as(userId).post('/v1/connections/complete', { sessionUri: await consent(connectUrl) });
    await sandboxControl.post('break', { owner: userId, app: 'slack', status: 'EXPIRED', reason: 'revoked by an admin', webhook: false });
    const { body: doubtful } = await app.as(userId).post(`/v1/connections/${before.id}/check`);
    await sandboxControl.patch(`accounts/${doubtful.accountId}`, { status: 'ACTIVE' });
    await app.as(userId).post(`/v1/connections/${before.id}/check`);
    await app.as(userId).delete(`/v1/connections/${before.id}`);
    await app.app.get(RemovalsWorker).tick();
    const { body: last } = await app.as(userId).delete(`/v1/connections/${before.id}`);

    expect(await told(userId, before.id)).toEqual([
      [null, 'pending', null, 'user'],
      ['pending', 'active', null, 'callback'],
      ['active', 'broken', 'the grant was lost', 'webhook'],
      ['broken', 'active', null, 'callback'],
      ['active', 'unknown', 'revoked by an admin', 'check'],
      ['unknown', 'active', null, 'check'],
      ['active', 'removing', null, 'user'],
      ['removing', 'removed', last.outcome, 'user'],
    ]);
    const all = (await page(userId, before.id)).data;
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(all[5]).toMatchObject({ status: 'broken', epoch: 1, accountId: before.accountId });
    expect(all[0]?.accountId).not.toBe(before.accountId);

    const seen: Change[] = [];
    for (let cursor = ''; ; ) {
      const { data, nextCursor } = await page(userId, before.id, `?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...data);
      if (!nextCursor) break;
      cursor = nextCursor;
    }
    expect(seen).toEqual(all);
    const { nextCursor } = await page(userId, before.id, '?limit=3');
    const other = await connect(app, userId, 'gmail');
    expect(await app.as(userId).get(`/v1/connections/${other.id}/history?cursor=${nextCursor}`)).toMatchObject({ status: 400 });
  });

  it('tells an attempt that nobody finished, a replaced account that still worked, and a poll that activated', async () => {
    const userId = aUser();
    const { id } = await click(app, userId);
    await over(userId);
    await app.app.get(PendingWorker).tick();
    const sessionUri = await consent((await click(app, userId)).connectUrl);
    await sandboxControl.post('faults', { match: { path: '/complete_auth', owner: userId }, effect: { reset: 'after' }, times: 1 });
    await app.as(userId).post('/v1/connections/complete', { sessionUri });
    await asUsers(app.em, [userId], () => app.em.nativeUpdate(Account, { userId, state: 'pending' }, { workAt: new Date(0) }));
    await app.app.get(PendingWorker).tick();
    const { connectUrl } = (await app.as(userId).post(`/v1/connections/${id}/reconnect`)).body;
    await app.as(userId).post('/v1/connections/complete', { sessionUri: await consent(connectUrl) });
    expect(await told(userId, id)).toEqual([
      [null, 'pending', null, 'user'],
      ['pending', 'not_finished', 'timed_out', 'poll'],
      ['not_finished', 'pending', null, 'user'],
      ['pending', 'active', null, 'poll'],
      ['active', 'active', null, 'callback'],
    ]);
  });

  it('has no row of a change that was rolled back, and none where nothing changed', async () => {
    const userId = aUser();
    const mine = await connect(app, userId);
    const before = await told(userId, mine.id);
    const undone = asUsers(app.em, [userId], () =>
      app.em.transactional(async (em) => {
        const connection = await em.findOneOrFail(Connection, { userId, id: mine.id });
        connection.observe({ status: 'EXPIRED', reason: null, usable: false }, 'check', new Date());
        await em.flush();
        expect(await em.count(ConnectionChange, { userId })).toBe(before.length + 1);
        throw new Error('undone');
      }),
    );
    await expect(undone).rejects.toThrow('undone');
    await app.as(userId).post(`/v1/connections/${mine.id}/check`);
    await app.as(userId).patch(`/v1/connections/${mine.id}`, { alias: 'Work' });
    expect(await told(userId, mine.id)).toEqual(before);
  });

  it('is nobody else’s, cannot be rewritten, and goes with its user', async () => {
    const [ana, ben] = [aUser('ana'), aUser('ben')];
    const { id } = await connect(app, ana);
    for (const one of [id, randomUUID()]) {
      expect(await app.as(ben).get(`/v1/connections/${one}/history`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect(await asUsers(app.em, [ben], () => app.em.find(ConnectionChange, { connectionId: id }))).toEqual([]);
    const rewrite = asUsers(app.em, [ana], () => app.em.nativeUpdate(ConnectionChange, { userId: ana }, { reason: 'another' }));
    await expect(rewrite).rejects.toThrow(/permission denied/);
    await app.deliver(UserDeleted, { userId: ana });
    await app.app.get(RemovalsWorker).tick();
    expect(await asUsers(app.em, [ana], () => app.em.count(ConnectionChange, { userId: ana }))).toBe(0);
  });
});
