import { randomUUID } from 'node:crypto';
import { UserDeleted } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { Redemption } from '../src/callback/redemption.entity.js';
import { Account } from '../src/connections/account.entity.js';
import { Connection } from '../src/connections/connection.entity.js';
import { ConnectionChange } from '../src/connections/connection-change.entity.js';
import { RetentionWorker } from '../src/retention.worker.js';
import { ComposioEntity } from '../src/users/composio-entity.entity.js';
import { aUser } from './connecting.js';

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

describe('what is past its time', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
  });
  afterAll(() => app.close());

  const kept = async (rows: object[]) => {
    await app.app.get(RetentionWorker).tick();
    const found = await Promise.all(rows.map((row) => app.reload(row).catch(() => null)));
    return found.map((row) => row !== null);
  };
  const connection = (given: Partial<Connection>) => {
    const names = { id: randomUUID(), userId: aUser(), app: 'slack', alias: '', epoch: 0, createdAt: daysAgo(400) };
    return app.save(Object.assign(new Connection(), names, given));
  };
  const change = (of: Connection, at: Date) => {
    const names = { id: randomUUID(), connectionId: of.id, userId: of.userId, state: 'active' as const, epoch: 0 };
    return app.save(Object.assign(new ConnectionChange(), names, { detectedBy: 'user' as const, at }));
  };
  const account = (of: Connection, given: Partial<Account>) => {
    const names = { id: randomUUID(), connectionId: of.id, userId: of.userId, app: 'slack', revoke: false, tries: 0 };
    return app.save(Object.assign(new Account(), names, { createdAt: daysAgo(400), expiresAt: daysAgo(400) }, given));
  };

  it('goes: proofs after two days, attempts that came to nothing after 30; an account that was in use stays with its connection', async () => {
    const proof = (createdAt: Date) =>
      app.save(Object.assign(new Redemption(), { sessionHash: randomUUID(), userId: aUser(), outcome: 'gone' as const, createdAt }));
    const living = await connection({ state: 'active' });
    const rows = [
      ...[await proof(daysAgo(3)), await proof(daysAgo(1))],
      await account(living, { state: 'not_finished', expiresAt: daysAgo(31) }),
      await account(living, { state: 'not_finished', expiresAt: daysAgo(29) }),
      await account(living, { state: 'not_finished', expiresAt: daysAgo(31), workAt: new Date() }),
      await account(living, { state: 'removed' }),
    ];
    expect(await kept([...rows, living])).toEqual([false, true, false, true, true, true, true]);
  });

  it('goes: history after a year, and with its connection', async () => {
    const [living, removed] = [await connection({ state: 'active' }), await connection({ state: 'removed', removedAt: daysAgo(61) })];
    const rows = [await change(living, daysAgo(366)), await change(living, daysAgo(364)), await change(removed, daysAgo(62))];
    expect(await kept([...rows, living])).toEqual([false, true, false, true]);
  });

  it('goes: a removed connection with its accounts after 60 days, unless something is owed for it at Composio', async () => {
    const removed = (removedAt: Date) => connection({ state: 'removed', removedAt });
    const [old, young, owing] = [await removed(daysAgo(61)), await removed(daysAgo(59)), await removed(daysAgo(61))];
    const accounts = [
      ...[await account(old, { state: 'removed' }), await account(young, { state: 'removed' })],
      await account(owing, { state: 'removing', workAt: new Date() }),
    ];
    expect(await kept([old, young, owing, ...accounts])).toEqual([false, true, true, false, true, true]);
  });

  it('goes: the tombstone of a user after 60 days, unless something of theirs is left', async () => {
    const tombstone = (deletedAt: Date | null, userId = aUser()) =>
      app.save(Object.assign(new ComposioEntity(), { userId, createdAt: daysAgo(400), deletedAt }));
    const owing = await connection({ state: 'removing' });
    const rows = [
      ...[await tombstone(daysAgo(61)), await tombstone(daysAgo(59)), await tombstone(null)],
      await tombstone(daysAgo(61), owing.userId),
    ];
    expect(await kept(rows)).toEqual([false, true, true, true]);
  });

  it('is counted from the removal', async () => {
    const living = await connection({ state: 'not_finished' });
    await app.as(living.userId).delete(`/v1/connections/${living.id}`);
    expect((await app.reload(living)).removedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    const { userId } = living;
    await app.deliver(UserDeleted, { userId });
    expect(await kept([Object.assign(new ComposioEntity(), { userId })])).toEqual([true]);
  });
});
