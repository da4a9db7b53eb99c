import { randomUUID } from 'node:crypto';
import { UserCreated, UserDeleted } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { people } from './person.js';

describe('when a product’s backend makes a user', () => {
  let app: TestApp;
  const product = () => app.as({ kind: 'product', id: 'shop' });
  const create = (body: object) => product().post('/v1/users', body);
  const told = async (userId: string) => (await app.told(UserCreated)).filter((data) => data.userId === userId);
  const aUser = () => ({ userId: `u_${randomUUID()}`, email: `${randomUUID()}@product.test` });

  beforeAll(async () => {
    app = await startApp(AppModule);
  });
  afterAll(() => app.close());

  it('exists at once, is told of once, and stays the same user when asked for again', async () => {
    const user = { ...aUser(), name: 'Ana' };
    expect(await create(user)).toMatchObject({ status: 201, body: { userId: user.userId, created: true } });
    expect(await create(user)).toMatchObject({ status: 200, body: { userId: user.userId, created: false } });
    expect(await create({ ...user, email: user.email.toUpperCase() })).toMatchObject({ status: 200, body: { created: false } });
    expect(await told(user.userId)).toEqual([user]);
  });

  it('is made once by many at the same time', async () => {
    const user = aUser();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(user)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
    expect(await told(user.userId)).toHaveLength(1);
  });

  it('is given an id when the product names none, and found by the address', async () => {
    const { email } = aUser();
    const first = await create({ email });
    expect(first.status).toBe(201);
    expect(await create({ email })).toMatchObject({ status: 200, body: { userId: first.body.userId } });
  });

  it('takes nobody’s id and nobody’s address', async () => {
    const user = aUser();
    await create(user);
    expect(await create({ ...user, email: aUser().email })).toMatchObject({ status: 409, body: { code: 'user_id_taken' } });
    expect(await create({ ...user, userId: aUser().userId })).toMatchObject({ status: 409, body: { code: 'address_taken' } });
    expect(await told(user.userId)).toHaveLength(1);
  });

  it('takes the address from a sign-up that never proved it, and the password goes too', async () => {
    const their = people(app);
    const user = aUser();
    const squatter = await their.signUp(user.email);
    expect(await create(user)).toMatchObject({ status: 201, body: { userId: user.userId } });
    expect(await their.signIn(squatter)).toMatchObject({ status: 401 });
    expect(await app.told(UserCreated)).toEqual(expect.arrayContaining([{ userId: user.userId, email: user.email }]));
    expect((await app.told(UserDeleted)).filter(({ userId }) => userId === user.userId)).toEqual([]);
  });

  it('is told of when deleted, and the id is never used again', async () => {
    const user = aUser();
    await create(user);
    expect(await product().delete(`/v1/users/${user.userId}`)).toMatchObject({ status: 204 });
    expect(await product().delete(`/v1/users/${user.userId}`)).toMatchObject({ status: 204 });
    expect((await app.told(UserDeleted)).filter(({ userId }) => userId === user.userId)).toHaveLength(1);
    expect(await create(user)).toMatchObject({ status: 409, body: { code: 'user_id_used' } });
    expect(await create({ ...user, userId: aUser().userId })).toMatchObject({ status: 201 });
  });

  it('can be deleted whatever characters the id has', async () => {
    const user = { ...aUser(), userId: `a/b?c=%d&'"${randomUUID()}` };
    await create(user);
    await product().delete(`/v1/users/${encodeURIComponent(user.userId)}`);
    expect((await app.told(UserDeleted)).filter(({ userId }) => userId === user.userId)).toHaveLength(1);
  });

  it.each(['default', 'Default', 'a,b', 'a b', '', 'ü', 'x'.repeat(201)])('refuses the id "%s"', async (userId) => {
    expect(await create({ userId, email: aUser().email })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  });

  it('is no affair of a user or of an operator', async () => {
    expect(await app.as('ana').post('/v1/users', aUser())).toMatchObject({ status: 403 });
    expect(await app.as({ kind: 'operator', id: 'boss' }).post('/v1/users', aUser())).toMatchObject({ status: 403 });
    expect(await app.as('ana').delete('/v1/users/ana')).toMatchObject({ status: 403 });
    expect(await app.anyone.post('/v1/users', aUser())).toMatchObject({ status: 401 });
  });

  it('reads about themselves, and nothing more than their id when another system made them', async () => {
    const user = { ...aUser(), name: 'Ana' };
    await create(user);
    expect((await app.as(user.userId).get('/v1/me')).body).toEqual({ ...user, roles: [], hasPassword: false });
    expect((await app.as('from-elsewhere').get('/v1/me')).body).toEqual({
      ...{ userId: 'from-elsewhere', email: null, name: null },
      ...{ roles: [], hasPassword: false },
    });
    expect(await product().get('/v1/me')).toMatchObject({ status: 403 });
  });
});
