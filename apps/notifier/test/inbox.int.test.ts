import { randomUUID } from 'node:crypto';
import { ConnectionExpired, NotificationChanged } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { someone } from './facts.js';

interface Page {
  data: { id: string; state: string }[];
  unread: number;
  nextCursor: string | null;
}

describe('when somebody reads their inbox', () => {
  let notifier: TestApp;
  beforeAll(async () => {
    notifier = await startApp(AppModule);
  });
  afterAll(() => notifier.close());

  /** That many messages of one batch: all at the same moment. */
  async function withMessages(count: number) {
    const one = someone();
    await notifier.deliver(
      ConnectionExpired,
      Array.from({ length: count }, () => ({ ...one.expired, connectionId: randomUUID() })),
    );
    return { userId: one.userId, me: notifier.as(one.userId) };
  }

  it('gets each message once, page after page, also those of one moment', async () => {
    const { me } = await withMessages(60);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = (await me.get(`/v1/inbox${cursor && `?cursor=${cursor}`}`)).body as Page;
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect([seen.length, new Set(seen).size]).toEqual([60, 60]);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  it('marks as read all that they saw and nothing that came since, of theirs only, and says so', async () => {
    const [{ me, userId }, other] = [await withMessages(3), await withMessages(1)];
    const [newest] = ((await me.get('/v1/inbox')).body as Page).data;
    await notifier.deliver(ConnectionExpired, { ...someone().expired, userId });
    expect((await me.post('/v1/inbox/read', { upTo: newest?.id })).body).toEqual({ unread: 1 });
    expect(((await me.get('/v1/inbox')).body as Page).data.map(({ state }) => state)).toEqual(['posted', 'read', 'read', 'read']);
    expect((await notifier.told(NotificationChanged)).filter((one) => one.userId === userId && one.state === 'read')).toHaveLength(3);
    expect((await me.post('/v1/inbox/read', {})).body).toEqual({ unread: 0 });
    expect((await other.me.get('/v1/inbox')).body).toMatchObject({ unread: 1 });
    expect((await notifier.anyone.post('/v1/inbox/read', {})).status).toBe(401);
  });
});
