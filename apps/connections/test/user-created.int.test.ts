import { EntityCreated, UserCreated, UserDeleted } from '@gatehouse/contracts';
import { asSystem, asUsers, driftOf, missingRowSecurity, openOrm } from '@gatehouse/persistence';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { database } from '../src/database.js';
import { ComposioEntity } from '../src/users/composio-entity.entity.js';
import { aUser } from './connecting.js';

describe('when a user is created', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
  });
  afterAll(() => app.close());

  const created = (userId: string) => ({ userId, email: `${userId}@example.com` });
  const entityOf = (userId: string) => asUsers(app.em, [userId], () => app.em.findOne(ComposioEntity, { userId }));
  const toldOf = async (...users: string[]) =>
    (await app.told(EntityCreated)).map(({ userId }) => userId).filter((id) => users.includes(id));

  it('has one entity and says so once, in a batch, also when the batch comes again and the user under another event', async () => {
    const users = [aUser(), aUser(), aUser()];
    const batch = await app.deliver(UserCreated, users.map(created));
    await app.deliverAgain(batch);
    await app.deliver(UserCreated, users.map(created));
    expect((await toldOf(...users)).sort()).toEqual([...users].sort());
    for (const userId of users) expect(await entityOf(userId)).toMatchObject({ userId, deletedAt: null });
  });

  it('stays deleted when user.created comes late', async () => {
    const userId = aUser();
    await app.deliver(UserDeleted, { userId });
    await app.deliver(UserCreated, created(userId));
    expect((await entityOf(userId))?.deletedAt).toBeInstanceOf(Date);
    expect(await toldOf(userId)).toEqual([]);
    const { body } = await app.as(userId).post('/v1/gate', { apps: { required: ['slack'] } });
    expect(body).toMatchObject({ verdict: 'blocked', accounts: [], blockers: [{ state: 'user_deleted' }] });
  });
});

describe('the tables', () => {
  it('are what the entities say, and none with a user id lacks row-level security', async () => {
    const orm = await openOrm(database, process.env.MIGRATION_DATABASE_URL ?? '');
    try {
      expect(await driftOf(orm)).toBe('');
      expect(await missingRowSecurity(orm)).toEqual([]);
    } finally {
      await orm.close();
    }
  });

  it('give a worker what it takes work by, and nothing else of anybody', async () => {
    const app = await startApp(AppModule);
    try {
      await expect(asSystem(app.em, () => app.em.find(ComposioEntity, {}))).rejects.toThrow(/permission denied/);
    } finally {
      await app.close();
    }
  });
});
