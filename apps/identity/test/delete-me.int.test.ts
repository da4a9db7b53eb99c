import { randomUUID } from 'node:crypto';
import { UserCreated, UserDeleted } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { people } from './person.js';

describe('when a person deletes themselves', () => {
  let app: TestApp;
  let their: ReturnType<typeof people>;
  beforeAll(async () => {
    app = await startApp(AppModule);
    their = people(app);
  });
  afterAll(() => app.close());

  async function aPerson() {
    const person = await their.signUp();
    await their.prove(person);
    const { userId } = (await app.told(UserCreated)).find(({ email }) => email === person.email) ?? { userId: '' };
    return { ...person, userId, me: app.as(userId) };
  }
  const deleted = async (userId: string) => (await app.told(UserDeleted)).filter((data) => data.userId === userId).length;

  it('is gone, once, with the session', async () => {
    const ana = await aPerson();
    const handle = (await their.signIn(ana)).headers.get('set-auth-token') ?? '';
    expect((await ana.me.get('/v1/me')).body).toMatchObject({ email: ana.email, hasPassword: true });
    expect((await ana.me.delete('/v1/me', { password: ana.password })).status).toBe(204);
    expect(await deleted(ana.userId)).toBe(1);
    expect((await their.renew(handle)).status).toBe(401);
    expect((await their.signIn(ana)).status).toBe(401);
    expect((await ana.me.delete('/v1/me', { password: ana.password })).status).toBe(409);
  });

  it('stays, without the right password, and cannot be guessed', async () => {
    const ana = await aPerson();
    const guess = () => ana.me.delete('/v1/me', { password: 'somebody else’s guess' });
    expect(await guess()).toMatchObject({ status: 403, body: { code: 'wrong_password' } });
    expect((await ana.me.delete('/v1/me', {})).status).toBe(400);
    expect((await app.anyone.delete('/v1/me', { password: ana.password })).status).toBe(401);
    const guesses = await Promise.all(Array.from({ length: 25 }, guess));
    expect(guesses.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect(await deleted(ana.userId)).toBe(0);
  });

  it('is told where else, if a product made them', async () => {
    const userId = randomUUID();
    await app.as({ kind: 'product', id: 'shop' }).post('/v1/users', { userId, email: `${userId}@people.test` });
    expect(await app.as(userId).delete('/v1/me', { password: 'any of them' })).toMatchObject({
      status: 409,
      body: { code: 'not_ours_to_delete' },
    });
    expect(await deleted(userId)).toBe(0);
  });
});
