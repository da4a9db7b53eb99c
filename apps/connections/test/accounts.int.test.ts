import type { ConnectionView, Verdict } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { aUser, click, connect, fromGateway, verify } from './connecting.js';

const { AppModule } = await import('../src/app.module.js');

describe('several accounts of one app', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
    await verify();
  });
  afterAll(() => app.close());

  const gate = async (userId: string, accounts?: Record<string, string>) =>
    (await app.as(userId).post('/v1/gate', { apps: { required: ['slack'], ...(accounts && { accounts }) } })).body as Verdict;
  const used = async (userId: string, accounts?: Record<string, string>) =>
    (await gate(userId, accounts)).accounts.map(({ accountId }) => accountId);
  const read = async (userId: string, { id }: { id: string }) => (await app.as(userId).get(`/v1/connections/${id}`)).body as ConnectionView;
  const defaults = async (userId: string) =>
    ((await app.as(userId).get('/v1/connections')).body.data as ConnectionView[]).filter((one) => one.default).map(({ id }) => id);

  it('runs use the first, until their user makes another the default; one that is named is used instead', async () => {
    const userId = aUser();
    const first = await connect(app, userId);
    const work = await connect(app, userId, 'slack', 'Work');
    expect([first.default, work.default]).toEqual([true, false]);
    expect(await used(userId)).toEqual([first.accountId]);
    expect(await used(userId, { slack: 'Work' })).toEqual([work.accountId]);
    expect(await gate(userId, { slack: 'work' })).toMatchObject({ verdict: 'blocked', blockers: [{ state: 'not_connected' }] });
    expect(await app.as(userId).patch(`/v1/connections/${work.id}`, { default: true })).toMatchObject({
      status: 200,
      body: { default: true },
    });
    expect(await used(userId)).toEqual([work.accountId]);
    expect(await defaults(userId)).toEqual([work.id]);
  });

  it('are listed with since when they are connected, and when each was last checked, and used by a run', async () => {
    const userId = aUser();
    const first = await connect(app, userId);
    const work = await connect(app, userId, 'slack', 'Work');
    const apps = { required: ['slack'], accounts: { slack: 'Work' } };
    await app.as(userId).post('/v1/gate', { apps }); // a person who looks is no use
    const listed = async () => {
      const { data } = (await app.as(userId).get('/v1/connections')).body as { data: ConnectionView[] };
      return [first, work].map(({ id }) => data.find((one) => one.id === id) as ConnectionView);
    };
    expect(await listed()).toEqual([first, work]);
    expect(first).toMatchObject({ connectedAt: expect.any(String), lastCheckedAt: first.connectedAt, lastUsedAt: null });
    await app.from('agent-runner', { kind: 'user', id: userId }).post('/v1/gate', { apps });
    await app.as(userId).post(`/v1/connections/${first.id}/check`);
    const [checked, used] = await listed();
    expect(checked).toMatchObject({ connectedAt: first.connectedAt, lastUsedAt: null });
    expect(String(checked?.lastCheckedAt) > String(first.lastCheckedAt)).toBe(true);
    expect(used).toEqual({ ...work, lastUsedAt: expect.any(String) });
  });

  it('leaves the choice to their user when the default is gone and several are left; the only one left is the default', async () => {
    const userId = aUser();
    const first = await connect(app, userId);
    const work = await connect(app, userId, 'slack', 'Work');
    const home = await connect(app, userId, 'slack', 'Home');
    await app.as(userId).delete(`/v1/connections/${first.id}`);
    expect(await gate(userId)).toMatchObject({
      verdict: 'blocked',
      accounts: [],
      blockers: [
        { state: 'ambiguous', message: 'You have several Slack accounts. Please choose the default one in Settings > Integrations.' },
      ],
    });
    expect(await used(userId, { slack: 'Home' })).toEqual([home.accountId]);
    await connect(app, userId, 'slack', 'Third');
    expect(await gate(userId)).toMatchObject({ verdict: 'blocked', blockers: [{ state: 'ambiguous' }] });
    await app.as(userId).patch(`/v1/connections/${home.id}`, { default: true });
    expect(await used(userId)).toEqual([home.accountId]);
    await app.as(userId).delete(`/v1/connections/${home.id}`);
    const [third] = ((await app.as(userId).get('/v1/connections')).body.data as ConnectionView[]).filter(({ alias }) => alias === 'Third');
    await app.as(userId).delete(`/v1/connections/${third?.id}`);
    expect(await used(userId)).toEqual([work.accountId]);
    expect(await read(userId, work)).toMatchObject({ default: true });
    await connect(app, userId, 'slack', 'Fourth');
    expect(await used(userId)).toEqual([work.accountId]);
  });

  it('makes one the default when two become active at once', async () => {
    const userId = aUser();
    await Promise.all(['A', 'B', 'C'].map((alias) => connect(app, userId, 'slack', alias)));
    expect(await defaults(userId)).toHaveLength(1);
    expect(await gate(userId)).toMatchObject({ verdict: 'ready' });
    const all = (await app.as(userId).get('/v1/connections')).body.data as ConnectionView[];
    const answers = await Promise.all(all.map(({ id }) => app.as(userId).patch(`/v1/connections/${id}`, { default: true })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await defaults(userId)).toHaveLength(1);
  });

  it('are named and renamed, each name once; an outdated change is refused', async () => {
    const userId = aUser();
    const [first, work] = [await connect(app, userId), await connect(app, userId, 'slack', 'Work')];
    const change = (body: unknown, id = first.id) => app.as(userId).patch(`/v1/connections/${id}`, body);
    expect(await change({ alias: 'Work' })).toMatchObject({ status: 409, body: { code: 'alias_taken' } });
    const seen = (await app.as(userId).get(`/v1/connections/${first.id}`)).headers.get('etag') ?? '';
    const renamed = await change({ alias: 'Home' });
    expect(renamed).toMatchObject({ status: 200, body: { alias: 'Home', default: true, status: 'active' } });
    const withTag = (tag: string) => patchIf(app, userId, first.id, tag, { alias: 'Elsewhere' });
    expect(await withTag(seen)).toBe(412);
    expect(await withTag(renamed.headers.get('etag') ?? '')).toBe(200);
    expect(await change({ alias: null }, work.id)).toMatchObject({ status: 200, body: { alias: null } });
    for (const nothing of [
      {},
      { default: false },
      { alias: ' ' },
      { alias: 'x'.repeat(41) },
      { app: 'gmail' },
      { alias: 'A', userId: 'ben' },
    ])
      expect(await change(nothing)).toMatchObject({ status: 400 });
    expect(await app.as(aUser('ben')).patch(`/v1/connections/${first.id}`, { alias: 'Mine' })).toMatchObject({ status: 404 });
    const pending = await click(app, userId, 'slack', 'Later');
    expect(await change({ default: true }, pending.id)).toMatchObject({ status: 409, body: { code: 'not_connected' } });
    await app.as(userId).delete(`/v1/connections/${first.id}`);
    expect(await change({ alias: 'Gone' })).toMatchObject({ status: 409, body: { code: 'connection_removing' } });
  });
});

/** The gateway passes the header on. */
async function patchIf(app: TestApp, userId: string, id: string, tag: string, body: unknown): Promise<number> {
  const response = await fetch(`${app.url}/v1/connections/${id}`, {
    method: 'PATCH',
    headers: { ...(await fromGateway({ kind: 'user', id: userId })), 'content-type': 'application/json', 'if-match': tag },
    body: JSON.stringify(body),
  });
  return response.status;
}
