import { AgentRunApprovalRequested, AgentRunBlocked, ConnectionExpired, NotificationChanged, UserCreated } from '@gatehouse/contracts';
import { startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { Preference } from '../src/contacts/preference.entity.js';
import { aRun, someone } from './facts.js';
import { lettersOf, mailsTo } from './letters.js';

const plain = { email: true, digestMinutes: 0, webhookUrl: null };

describe('when somebody says how they want to be told', () => {
  let notifier: TestApp;
  let letters: ReturnType<typeof lettersOf>;
  beforeAll(async () => {
    notifier = await startApp(AppModule);
    letters = lettersOf(notifier);
  });
  afterAll(() => notifier.close());

  it('refuses what was decided on an older state, and changes nothing', async () => {
    const me = notifier.as(someone().userId);
    const first = await me.get('/v1/preferences');
    const tag = { 'if-match': first.headers.get('etag') ?? '' };
    const changed = await me.put('/v1/preferences', { ...plain, email: false }, tag);
    expect(changed).toMatchObject({ status: 200, body: { email: false } });
    expect(await me.put('/v1/preferences', plain, tag)).toMatchObject({ status: 412, body: { code: 'outdated' } });
    expect((await me.get('/v1/preferences')).body).toEqual(changed.body);
    expect((await me.put('/v1/preferences', plain, { 'if-match': changed.headers.get('etag') ?? '' })).status).toBe(200);
  });

  it('leaves alone what is not named, and refuses what cannot be', async () => {
    const me = notifier.as(someone().userId);
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
    await me.put('/v1/preferences', { ...plain, quietHours, language: 'de', muted: { inbox: [], email: ['run.blocked'], webhook: [] } });
    expect((await me.put('/v1/preferences', { ...plain, digestMinutes: 15 })).body).toMatchObject({
      quietHours,
      language: 'de',
      muted: { email: ['run.blocked'] },
      digestMinutes: 15,
    });
    for (const wrong of [
      { quietHours: { ...quietHours, timeZone: 'Middle/Earth' } },
      { quietHours: { ...quietHours, to: '22:00' } },
      { muted: { inbox: ['run.approval'], email: [], webhook: [] } },
      { webhookUrl: 'http://example.com' },
    ])
      expect((await me.put('/v1/preferences', { ...plain, ...wrong })).status).toBe(400);
    expect(await me.put('/v1/preferences', { ...plain, webhookUrl: 'https://10.0.0.1/' })).toMatchObject({ status: 422 });
    expect((await notifier.anyone.get('/v1/preferences')).status).toBe(401);
  });

  it('gives a new address a new secret, and only then', async () => {
    const me = notifier.as(someone().userId);
    const secret = async (webhookUrl: string | null) => (await me.put('/v1/preferences', { ...plain, webhookUrl })).body.webhookSecret;
    const first = await secret('https://hooks.example.com/a');
    expect(first).toMatch(/^whsec_/);
    expect(await secret('https://hooks.example.com/a')).toBe(first);
    expect(await secret('https://hooks.example.com/b')).not.toBe(first);
    expect(await secret(null)).toBeNull();
  });

  it('no longer tries an address that failed 20 times in a row, says so, and begins anew with another one', async () => {
    const one = someone();
    const me = notifier.as(one.userId);
    const webhook = { webhookUrl: 'https://a.example/', webhookSecret: 'whsec_x', webhookFailures: 20 };
    const muted = { inbox: [], email: [], webhook: [] };
    await notifier.save(Object.assign(new Preference(), { ...plain, ...webhook, userId: one.userId, muted, email: false }));
    expect((await me.get('/v1/preferences')).body).toMatchObject({ webhookStopped: true });
    await notifier.deliver(ConnectionExpired, one.expired);
    expect(await letters.owed(one.userId)).toEqual([]);
    const changed = await me.put('/v1/preferences', { ...plain, email: false, webhookUrl: 'https://b.example/' });
    expect(changed.body).toMatchObject({ webhookStopped: false });
    await notifier.deliver(ConnectionExpired, { ...one.expired, epoch: 2 });
    expect(await letters.owed(one.userId)).toMatchObject([{ channel: 'webhook', step: 0 }]);
  });

  it('mails no kind that is switched off, nor a reminder that was owed already; the inbox has it', async () => {
    const one = someone();
    const me = notifier.as(one.userId);
    await notifier.deliver(UserCreated, one.created);
    await notifier.deliver(ConnectionExpired, one.expired);
    expect((await letters.owed(one.userId)).map(({ step }) => step)).toEqual([0, 1, 2]);
    await me.put('/v1/preferences', { ...plain, muted: { inbox: [], email: ['connection.expired'], webhook: [] } });
    expect(await letters.owed(one.userId)).toEqual([]);
    await notifier.deliver(ConnectionExpired, { ...one.expired, epoch: 2 });
    await letters.send();
    expect(await mailsTo(one.email)).toEqual([]);
    expect((await me.get('/v1/inbox')).body).toMatchObject({ unread: 2 });
  });

  it('keeps a muted kind out of the inbox and its count, and mails it', async () => {
    const one = someone();
    const me = notifier.as(one.userId);
    await notifier.deliver(UserCreated, one.created);
    await me.put('/v1/preferences', { ...plain, muted: { inbox: ['connection.expired'], email: [], webhook: [] } });
    await notifier.deliver(ConnectionExpired, one.expired);
    await notifier.deliver(AgentRunBlocked, aRun(one.userId).blocked); // of the same app: nothing in the inbox says it yet
    expect((await me.get('/v1/inbox')).body).toMatchObject({ unread: 1, data: [{ kind: 'run.blocked' }] });
    expect((await notifier.told(NotificationChanged)).filter(({ userId }) => userId === one.userId)).toMatchObject([{ unread: 1 }]);
    await letters.send();
    expect(await mailsTo(one.email)).toMatchObject([{ text: expect.stringContaining('Slack stopped accepting our access') }]);
  });

  it('mails of an approval after ten minutes, however long e-mails are gathered', async () => {
    const one = someone();
    await notifier.as(one.userId).put('/v1/preferences', { ...plain, digestMinutes: 1440 });
    await notifier.deliver(AgentRunApprovalRequested, approvalOf(one.userId));
    expect(await letters.owed(one.userId)).toMatchObject([{ channel: 'email', minutes: 10 }]);
    expect((await notifier.as(one.userId).get('/v1/inbox')).body).toMatchObject({ unread: 1 });
  });

  it('says it in their language: that of the page, their own choice, their account', async () => {
    const one = someone();
    const me = notifier.as(one.userId);
    await notifier.deliver(UserCreated, { ...one.created, locale: 'de-AT' });
    await notifier.deliver(ConnectionExpired, one.expired);
    const title = async (query = '') => (await me.get(`/v1/inbox${query}`)).body.data[0].title;
    expect(await title()).toBe('Verbinde Slack neu, damit dein Agent weiterarbeiten kann');
    expect(await title('?language=en')).toBe('Reconnect Slack to keep your agent working');
    await letters.pass(one.userId, 15);
    await letters.send();
    expect(await mailsTo(one.email)).toMatchObject([{ subject: await title() }]);
    await me.put('/v1/preferences', { ...plain, language: 'en' });
    expect(await title()).toBe('Reconnect Slack to keep your agent working');
  });

  it('sends a test message at once, says what became of it, and not again in the same breath', async () => {
    const one = someone();
    const me = notifier.as(one.userId);
    expect((await me.post('/v1/preferences/test', { channels: ['email'] })).body).toEqual({
      data: [{ channel: 'email', outcome: 'no_address', status: null }],
    });
    const known = someone();
    await notifier.deliver(UserCreated, known.created);
    await notifier.as(known.userId).put('/v1/preferences', { ...plain, webhookUrl: 'https://no-such-host.invalid/' });
    expect((await notifier.as(known.userId).post('/v1/preferences/test', { channels: ['email', 'webhook'] })).body.data).toEqual([
      { channel: 'email', outcome: 'sent', status: null },
      { channel: 'webhook', outcome: 'unreachable', status: null },
    ]);
    expect(await mailsTo(known.email)).toMatchObject([{ subject: 'A test message' }]);
    const again = await notifier.as(known.userId).post('/v1/preferences/test', { channels: ['email'] });
    expect([again.status, Number(again.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });

  const approvalOf = (userId: string) => ({
    ...{ runId: aRun(userId).runId, userId, approvalId: aRun(userId).runId, tool: 'SLACK_SEND_MESSAGE', app: 'slack' },
    ...{ summary: 'Send a message', expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
  });
});
