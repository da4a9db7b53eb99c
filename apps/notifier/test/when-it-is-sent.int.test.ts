import { ConnectionActivated, ConnectionExpired, UserCreated, UserDeleted } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { http } from '../src/http.js';
import { someone } from './facts.js';
import { lettersOf, mailsTo } from './letters.js';

const DAY = 24 * 60; // minutes

describe('when an e-mail is sent', () => {
  let notifier: TestApp;
  let letters: ReturnType<typeof lettersOf>;
  beforeAll(async () => {
    notifier = await startApp(AppModule, http);
    letters = lettersOf(notifier);
  });
  afterAll(() => notifier.close());

  /** Somebody who was told that Slack stopped working. */
  async function told() {
    const one = someone();
    await notifier.deliver(UserCreated, one.created);
    await notifier.deliver(ConnectionExpired, one.expired);
    return one;
  }
  const clock = (minutesFromNow: number) => new Date(Date.now() + minutesFromNow * 60_000).toISOString().slice(11, 16);

  it('waits for the end of quiet hours, and goes then', async () => {
    const one = await told();
    const quiet = (from: number, to: number) => ({ quietHours: { from: clock(from), to: clock(to), timeZone: 'UTC' } });
    const me = notifier.as(one.userId);
    await me.put('/v1/preferences', { email: true, digestMinutes: 15, webhookUrl: null, ...quiet(-60, 120) });
    await letters.pass(one.userId, 15);
    await letters.send();
    expect(await mailsTo(one.email)).toEqual([]);
    const [held] = await letters.owed(one.userId);
    expect(held).toMatchObject({ step: 0, state: 'pending' });
    expect(Math.abs((held?.minutes ?? 0) - 120)).toBeLessThanOrEqual(1);
    await me.put('/v1/preferences', { email: true, digestMinutes: 15, webhookUrl: null, ...quiet(-60, -1) });
    await letters.pass(one.userId, 121);
    await letters.send();
    expect(await mailsTo(one.email)).toHaveLength(1);
  });

  it('is repeated on days 3 and 10, then never, and not once Slack works again', async () => {
    const [lasting, repaired] = [await told(), await told()];
    for (const one of [lasting, repaired]) await letters.pass(one.userId, 15);
    await letters.send();
    await notifier.deliver(ConnectionActivated, repaired.reconnected);
    for (const days of [3, 7, 20]) {
      for (const one of [lasting, repaired]) await letters.pass(one.userId, days * DAY);
      await letters.send();
    }
    expect((await mailsTo(lasting.email)).map(({ subject }) => subject)).toEqual([
      'Reconnect Slack to keep your agent working',
      'Reminder: Reconnect Slack to keep your agent working',
      'Reminder: Reconnect Slack to keep your agent working',
    ]);
    expect(await mailsTo(repaired.email)).toHaveLength(1);
  });

  it('carries a link that ends such e-mails by one POST of nobody; opening it changes nothing', async () => {
    const one = await told();
    await letters.pass(one.userId, 15);
    await letters.send();
    const [mail] = await mailsTo(one.email);
    expect(mail?.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
    const path = /^<http:\/\/localhost:3000(\/unsubscribe\?token=\S+)>$/.exec(mail?.headers['list-unsubscribe'] ?? '')?.[1] ?? '';
    const nobody = notifier.as({ kind: 'none' });
    const muted = async () => (await notifier.as(one.userId).get('/v1/preferences')).body.muted.email;

    expect(await nobody.get(path)).toMatchObject({ status: 200, body: expect.stringContaining('<form method="post"') });
    expect(await muted()).toEqual([]);
    const parts = '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n';
    const before = (await notifier.as(one.userId).get('/v1/preferences')).headers.get('etag');
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
      ['multipart/form-data; boundary=x', parts],
    ] as const)
      expect((await nobody.post(path, body, { 'content-type': type })).body).toContain('We stopped these e-mails');
    expect(await muted()).toEqual(['connection.expired']);
    expect((await notifier.as(one.userId).get('/v1/preferences')).headers.get('etag')).not.toBe(before);
    expect(await letters.owed(one.userId)).toMatchObject([{ step: 0, state: 'sent' }]); // its reminders are gone
  });

  it('takes no link that was changed, and none of a deleted user', async () => {
    const [one, other] = [await told(), await told()];
    for (const { userId } of [one, other]) await letters.pass(userId, 15);
    await letters.send();
    const tokenOf = async (email: string) => /token=([^>]+)/.exec((await mailsTo(email))[0]?.headers['list-unsubscribe'] ?? '')?.[1] ?? '';
    const nobody = notifier.as({ kind: 'none' });
    const [mine, theirs] = [await tokenOf(one.email), await tokenOf(other.email)];
    const forged = `${theirs.split('.')[0]}.${mine.split('.')[1]}`;
    for (const method of ['get', 'post'] as const) expect((await nobody[method](`/unsubscribe?token=${forged}`)).status).toBe(400);
    expect((await notifier.as(other.userId).get('/v1/preferences')).body.muted.email).toEqual([]);
    await notifier.deliver(UserDeleted, { userId: one.userId });
    expect((await nobody.post(`/unsubscribe?token=${mine}`)).status).toBe(200);
    expect((await notifier.as(one.userId).put('/v1/preferences', { email: true, digestMinutes: 0, webhookUrl: null })).status).toBe(404);
  });
});
