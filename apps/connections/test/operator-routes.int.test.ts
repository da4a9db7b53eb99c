import { randomUUID } from 'node:crypto';
import { UserCreated } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { aUser } from './connecting.js';

describe('the dead letters of an app, for operators', () => {
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

  it('are listed in pages and shown, with where they came from and never what is in them', async () => {
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

  it('are dropped with a reason, which is kept; a dry run changes nothing', async () => {
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

  it('and what waits are counted; what is not known is null, not zero', async () => {
    const { status, body } = await operator.get('/admin/messaging');
    expect([status, body]).toMatchObject([
      200,
      { consumes: true, lag: null, rows: { outbox: expect.any(Number), stuck: 0, parkedKeys: 0 } },
    ]);
    expect(body.rows.deadLetters).toBeGreaterThan(0);
  });

  it('are no user’s to see', async () => {
    const user = app.as(aUser());
    for (const path of ['/admin/dead-letters', `/admin/dead-letters/${randomUUID()}`, '/admin/messaging'])
      expect(await user.get(path)).toMatchObject({ status: 403 });
    for (const deed of ['replay', 'drop'])
      expect(await user.post(`/admin/dead-letters/${deed}`, { ids: [randomUUID()], note: 'because' })).toMatchObject({ status: 403 });
  });
});
