import { ConnectionRemoved, UserDeleted } from '@gatehouse/contracts';
import { asSystem, asUsers } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { aUser, connect, verify } from './connecting.js';

const canRevoke = process.env.COMPOSIO_DRIVER !== 'legacy';

const { AppModule } = await import('../src/app.module.js');
const { Redemption } = await import('../src/callback/redemption.entity.js');
const { Account } = await import('../src/connections/account.entity.js');
const { Connection } = await import('../src/connections/connection.entity.js');
const { ConnectionChange } = await import('../src/connections/connection-change.entity.js');
const { TakeWork } = await import('../src/connections/take-work.js');
const { FinishRemoval } = await import('../src/removals/finish-removal.js');
const { RemovalsWorker } = await import('../src/removals/removals.worker.js');
const { PurgeUsers } = await import('../src/users/purge-users.js');

describe('the end of a user, cut off', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterEach(() => sandboxControl.delete('faults'));
  afterAll(() => app.close());

  const work = () => app.app.get(RemovalsWorker).tick();
  const cut = (match: object, reset: 'before' | 'after') => sandboxControl.post('faults', { match, effect: { reset }, times: 1 });
  /** The process dies at this point, once. */
  const dies = <T extends object>(of: T, method: keyof T) => {
    const once = () => {
      delete of[method];
      return Promise.reject(new Error('the process died'));
    };
    Object.assign(of, { [method]: once });
  };

  const steps: [string, (accountId: string) => unknown][] = [
    ['before the work was begun', () => asSystem(app.em, () => app.app.get(TakeWork).execute(['removing'], 10))],
    ...(canRevoke
      ? ([
          ['before the revocation', (id) => cut({ method: 'POST', path: `${id}/revoke` }, 'before')],
          ['after the revocation', (id) => cut({ method: 'POST', path: `${id}/revoke` }, 'after')],
        ] as [string, (accountId: string) => unknown][])
      : []),
    ['before the deletion', (id) => cut({ method: 'DELETE', path: id }, 'before')],
    ['after the deletion', (id) => cut({ method: 'DELETE', path: id }, 'after')],
    ['before it was noted', () => dies(app.app.get(FinishRemoval), 'execute')],
    ['while it was noted', () => dies(app.app.get(PurgeUsers), 'execute')],
  ];

  it.each(steps)('%s, goes on: all is gone at Composio and here, and each removal was told once', async (_, die) => {
    const userId = aUser();
    const [slack, gmail] = [await connect(app, userId), await connect(app, userId, 'gmail')];
    await app.deliver(UserDeleted, { userId });
    await die(String(slack.accountId));
    for (let round = 0; round < 3; round += 1) {
      await work();
      await asUsers(app.em, [userId], () => app.em.nativeUpdate(Account, { userId, state: 'removing' }, { workAt: new Date(0) }));
    }
    for (const table of [Connection, ConnectionChange, Account, Redemption]) {
      expect(await asUsers(app.em, [userId], () => app.em.count<{ userId: string }>(table, { userId }))).toBe(0);
    }
    const told = (await app.told(ConnectionRemoved)).filter((one) => one.userId === userId);
    expect(told.map(({ connectionId, by }) => [connectionId, by]).sort()).toEqual(
      [slack, gmail].map(({ id }) => [id, 'user.deleted']).sort(),
    );
    for (const { accountId } of [slack, gmail]) expect(await isGone(String(accountId))).toBe(true);
  });

  it('before it was begun, begins again', async () => {
    const userId = aUser();
    const { accountId } = await connect(app, userId);
    dies(app.app.get(PurgeUsers), 'execute');
    await app.deliver(UserDeleted, { userId });
    await work();
    expect((await app.told(ConnectionRemoved)).filter((one) => one.userId === userId)).toHaveLength(1);
    expect(await isGone(String(accountId))).toBe(true);
  });
});

async function isGone(accountId: string): Promise<boolean> {
  const answer = await fetch(`${sandboxControl.url}/api/v3.1/connected_accounts/${accountId}`, {
    headers: { 'x-api-key': sandboxControl.key },
  });
  return answer.status === 404;
}
