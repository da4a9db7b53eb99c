import { randomUUID } from 'node:crypto';
import { ConnectionExpired, connectionHealth, timeline, UserCreated } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { aUser, click, connect, verify } from './connecting.js';

const { AppModule } = await import('../src/app.module.js');

describe('what operators see of connections', () => {
  let app: TestApp;
  let operator: ReturnType<TestApp['as']>;
  beforeAll(async () => {
    app = await startApp(AppModule);
    operator = app.as({ kind: 'operator', id: 'olga', roles: ['operator'] });
  });
  afterAll(() => app.close());

  /** An event that no code could take: its key is another user's. */
  const dies = async () => {
    const userId = aUser();
    const id = randomUUID();
    await app.deliver(UserCreated, { userId, email: `${userId}@secret.example` }, { id, key: aUser('ben') });
    return id;
  };

  it('dead letters are listed in pages and shown, with where they came from and never what is in them', async () => {
    const ids = [await dies(), await dies(), await dies()];
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = (await operator.get(`/admin/dead-letters?limit=2${cursor ? `&cursor=${cursor}` : ''}`)) as {
        status: number;
        body: { data: { eventId: string }[]; nextCursor: string | null };
      };
      expect([page.status, JSON.stringify(page.body)]).toEqual([200, expect.not.stringContaining('secret.example')]);
      seen.push(...page.body.data.map(({ eventId }) => eventId));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids.reverse());
    const one = await operator.get(`/admin/dead-letters/${ids[0]}`);
    expect(one.body).toMatchObject({ state: 'dead', letter: { topic: 'user.created', attempts: 1 }, acts: [] });
    expect(JSON.stringify(one.body)).not.toContain('secret.example');
    expect((await operator.get(`/admin/dead-letters?reason=nothing+like+it`)).body.data).toEqual([]);
  });

  it('dead letters are dropped with a reason, which is kept; a dry run changes nothing', async () => {
    const id = await dies();
    expect(await operator.post('/admin/dead-letters/drop', { ids: [id], note: '' })).toMatchObject({ status: 400 });
    expect(await operator.post('/admin/dead-letters/drop', { note: 'all of them' })).toMatchObject({ status: 400 });
    const dry = await operator.post('/admin/dead-letters/drop', { ids: [id], note: 'no use', dryRun: true });
    expect(dry.body).toMatchObject({ dryRun: true, results: [{ eventId: id, outcome: 'dropped' }], more: 0 });
    expect((await operator.get(`/admin/dead-letters/${id}`)).body).toMatchObject({ state: 'dead' });
    await operator.post('/admin/dead-letters/drop', { ids: [id], note: 'no use' });
    expect((await operator.get(`/admin/dead-letters/${id}`)).body).toMatchObject({
      letter: null,
      state: 'dropped',
      acts: [{ by: 'olga', action: 'dead-letters drop', note: 'no use' }],
    });
    const replayed = await operator.post('/admin/dead-letters/replay', { ids: [await dies()], note: 'try again' });
    expect(replayed.body.results).toMatchObject([{ outcome: 'refused' }]); // every check runs again
  });

  it('what waits is counted; what is not known is null, not zero', async () => {
    const { status, body } = await operator.get('/admin/messaging');
    expect([status, body]).toMatchObject([
      200,
      { consumes: true, lag: null, rows: { outbox: expect.any(Number), stuck: 0, parkedKeys: 0 } },
    ]);
    expect(body.rows.deadLetters).toBeGreaterThan(0);
  });

  it('how each app fares: states, breaks by day, repairs, and how many attempts come to an end', async () => {
    await verify();
    const [ana, ben] = [aUser(), aUser('ben')];
    const [first, second] = [await connect(app, ana, 'slack'), await connect(app, ben, 'slack')];
    await click(app, ben, 'gmail');
    const breaks = async (userId: string, { id, accountId }: { id: string; accountId: string | null }) => {
      const at = new Date().toISOString();
      const news = { status: 'EXPIRED', reason: 'token expired', detectedBy: 'sweep', detectedAt: at } as const;
      await app.deliver(ConnectionExpired, { connectionId: id, userId, app: 'slack', accountId: accountId ?? '', epoch: 1, ...news });
    };
    await breaks(ana, first);
    await breaks(ben, second);
    await connect(app, ana, 'slack'); // the same connection, repaired
    const { status, body } = await operator.get('/admin/health');
    expect([status, connectionHealth.parse(body)]).toMatchObject([200, {}]);
    const of = (name: string) => body.apps.find((one: { app: string }) => one.app === name);
    const today = new Date().toISOString().slice(0, 10);
    expect(of('slack')).toMatchObject({ active: 1, broken: 1, pending: 0, breaks: [{ day: today, count: 2 }], broke: 2, repaired: 1 });
    expect(of('slack')).toMatchObject({ attempted: 3, finished: 3, oldestUnrepaired: { connectionId: second.id, userId: ben } });
    expect(of('slack').medianRepairSeconds).toBeGreaterThan(0);
    expect(of('gmail')).toMatchObject({ active: 0, pending: 1, attempted: 0, broke: 0, oldestUnrepaired: null });
    const first2 = timeline.parse((await operator.get(`/admin/users/${ana}/timeline?limit=2`)).body);
    expect(first2).toMatchObject({
      more: true,
      data: [
        { id: first.id, app: 'slack', state: 'active' },
        { state: 'broken', detail: 'sweep' },
      ],
    });
    const { data } = timeline.parse((await operator.get(`/admin/users/${ana}/timeline?before=${first2.data[1]?.at}`)).body);
    expect(data.map(({ state }) => state)).toEqual(['active', 'pending']);
  });

  it('are no user’s to see', async () => {
    const user = app.as(aUser());
    for (const path of [
      '/admin/health',
      '/admin/users/ana/timeline',
      '/admin/dead-letters',
      `/admin/dead-letters/${randomUUID()}`,
      '/admin/messaging',
    ])
      expect(await user.get(path)).toMatchObject({ status: 403 });
    for (const deed of ['replay', 'drop'])
      expect(await user.post(`/admin/dead-letters/${deed}`, { ids: [randomUUID()], note: 'because' })).toMatchObject({ status: 403 });
  });
});
