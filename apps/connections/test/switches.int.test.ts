import { startApp, type TestApp } from '@gatehouse/testing';
import { aUser, click, connect, verify } from './connecting.js';

const { AppModule } = await import('../src/app.module.js');

describe('while an operator has stopped something', () => {
  let app: TestApp;
  let operator: ReturnType<TestApp['as']>;
  beforeAll(async () => {
    app = await startApp(AppModule);
    operator = app.as({ kind: 'operator', id: 'olga', roles: ['operator'] });
    await verify();
  });
  afterAll(() => app.close());

  const gate = async (userId: string, ...required: string[]) => (await app.as(userId).post('/v1/gate', { apps: { required } })).body;
  const stop = async (scope: string, target?: string) =>
    (await operator.post('/admin/switches', { scope, ...(target && { target }), reason: 'an incident' })).body.switch.id as string;
  const lift = (id: string) => operator.post(`/admin/switches/${id}/lift`, { reason: 'it is over' });
  const open = async () => (await operator.get('/admin/switches')).body.data.filter((one: { liftedAt: unknown }) => !one.liftedAt);

  it.each(['everything', 'app', 'user'])(
    'by %s: the gate and the app list say paused, nobody gets a link; after that all is as before',
    async (scope) => {
      const userId = aUser();
      const other = aUser('ben');
      await connect(app, userId);
      await connect(app, other, 'slack');
      await connect(app, other, 'gmail');
      const started = await click(app, userId, 'slack', 'Work'); // its link exists before the switch
      const id = await stop(scope, { app: 'slack', user: userId }[scope]);
      try {
        expect(await gate(userId, 'slack')).toMatchObject({
          verdict: 'blocked',
          accounts: [],
          blockers: [{ app: 'slack', state: 'paused', message: 'Slack is paused for now.' }],
        });
        expect(await gate(other, 'slack')).toMatchObject({ verdict: scope === 'user' ? 'ready' : 'blocked' });
        expect(await gate(other, 'gmail')).toMatchObject({ verdict: scope === 'everything' ? 'blocked' : 'ready' });
        for (const alias of ['Work', 'Home'])
          expect(await app.as(userId).post('/v1/connections', { app: 'slack', alias })).toMatchObject({
            status: 503,
            body: { code: 'paused', detail: 'Slack is paused for now.' },
          });
        const { data } = (await app.as(userId).get('/v1/apps?limit=100')).body as { data: { app: string; paused: boolean }[] };
        expect(data.find((one) => one.app === 'slack')).toMatchObject({ paused: true });
        expect(data.find((one) => one.app === 'gmail')).toMatchObject({ paused: scope !== 'app' });
      } finally {
        await lift(id);
      }
      expect(await gate(userId, 'slack')).toMatchObject({ verdict: 'ready' });
      expect((await click(app, userId, 'slack', 'Work')).id).toBe(started.id);
    },
  );

  it('counts what it would touch, changes nothing in a dry run, and keeps who did what and why', async () => {
    const userId = aUser();
    await connect(app, userId);
    const wish = { scope: 'user', target: userId, reason: 'a stolen laptop' };
    const before = await open();
    expect(await operator.post('/admin/switches', { ...wish, dryRun: true })).toMatchObject({
      status: 200,
      body: { switch: null, touches: 1, dryRun: true },
    });
    expect(await open()).toEqual(before);
    const { id } = (await operator.post('/admin/switches', wish)).body.switch;
    const again = await operator.post('/admin/switches', { ...wish, reason: 'said twice' });
    expect(again.body.switch).toMatchObject({ id, reason: 'a stolen laptop', setBy: 'olga', liftedAt: null });
    expect((await lift(id)).body).toMatchObject({ id, liftedBy: 'olga', liftReason: 'it is over', liftedAt: expect.any(String) });
    expect((await operator.post(`/admin/switches/${id}/lift`, { reason: 'once more' })).body).toMatchObject({ liftReason: 'it is over' });
    expect((await operator.get('/admin/switches')).body.data).toContainEqual(expect.objectContaining({ id, liftReason: 'it is over' }));
  });

  it('takes no switch without a reason, for a tool, or from anybody else', async () => {
    const wish = { scope: 'app', target: 'slack', reason: 'because' };
    expect(await operator.post('/admin/switches', { ...wish, reason: ' ' })).toMatchObject({ status: 400 });
    expect(await operator.post('/admin/switches', { scope: 'everything', target: 'slack', reason: 'because' })).toMatchObject({
      status: 400,
    });
    expect(await operator.post('/admin/switches', { ...wish, scope: 'tool', target: 'SLACK_SEND_MESSAGE' })).toMatchObject({ status: 422 });
    expect(await app.as(aUser()).post('/admin/switches', wish)).toMatchObject({ status: 403 });
    expect(await app.as(aUser()).get('/admin/switches')).toMatchObject({ status: 403 });
    expect(await open()).toEqual([]);
  });
});
