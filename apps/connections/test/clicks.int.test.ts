import type { ConnectAttempt } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import fc from 'fast-check';
import { aUser, connect, consent, requests, verify } from './connecting.js';

const { AppModule } = await import('../src/app.module.js');
const { Account } = await import('../src/connections/account.entity.js');

const click = fc.record({ replica: fc.nat(1), how: fc.constantFrom('connect' as const, 'reconnect' as const) });

describe('clicks at the same time', () => {
  let replicas: [TestApp, TestApp];
  beforeAll(async () => {
    replicas = [await startApp(AppModule), await startApp(AppModule)];
    await verify();
  });
  afterEach(() => sandboxControl.delete('faults'));
  afterAll(() => Promise.all(replicas.map((app) => app.close())));

  it('give one attempt and one link, whichever replica and button they are of, before and after there is a connection', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(click, { minLength: 2, maxLength: 8 }), fc.boolean(), fc.nat(80), async (clicks, connected, latencyMs) => {
        const userId = aUser();
        const [first] = replicas;
        const there = connected ? await connect(first, userId) : undefined;
        await sandboxControl.post('faults', { match: { method: 'POST', owner: userId }, effect: { latencyMs }, times: 1 });
        const begun = (await starts(userId)).length;
        const answers = await Promise.all(
          clicks.map(({ replica, how }) => {
            const path = there && how === 'reconnect' ? `/v1/connections/${there.id}/reconnect` : '/v1/connections';
            const asked = (replicas[replica] ?? first).as(userId);
            return path.endsWith('/reconnect') ? asked.post(path) : asked.post(path, { app: 'slack' });
          }),
        );
        expect(answers.map(({ status }) => status)).toEqual(clicks.map(() => 201));
        const attempts = answers.map(({ body }) => body as ConnectAttempt);
        expect(new Set(attempts.map(({ id, connectUrl }) => `${id} ${connectUrl}`)).size).toBe(1);
        expect((await starts(userId)).length).toBe(begun + 1);
        const open = { userId, state: { $in: ['starting' as const, 'pending' as const] } };
        expect(await asUsers(first.em, [userId], () => first.em.count(Account, open))).toBe(1);
        // One browser of them started it, and only that one goes on by itself when it comes back.
        expect(answers.filter(({ headers }) => headers.get('set-cookie'))).toHaveLength(1);
        const sessionUri = await consent(String(attempts[0]?.connectUrl));
        expect(await first.as(userId).post('/v1/connections/complete', { sessionUri })).toMatchObject({ body: { status: 'active' } });
      }),
      { numRuns: 12, interruptAfterTimeLimit: 20_000 },
    );
  });

  const starts = (userId: string) =>
    requests(({ method, path, userIdSent }) => method === 'POST' && userIdSent === userId && /link$|initiateConnection$/.test(path));

  it('bring one session to one activation, also when it is brought by several at once', async () => {
    const userId = aUser();
    const { body } = await replicas[0].as(userId).post('/v1/connections', { app: 'slack' });
    const sessionUri = await consent((body as ConnectAttempt).connectUrl);
    const answers = await Promise.all(
      [...replicas, ...replicas, ...replicas].map((app) => app.as(userId).post('/v1/connections/complete', { sessionUri })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410, 410]);
    expect(await requests(({ path, userIdSent }) => path.endsWith('/complete_auth') && userIdSent === userId)).toHaveLength(1);
  });
});
