import {
  AgentRunBlocked,
  AgentRunCompleted,
  ConnectionActivated,
  ConnectionExpired,
  NotificationChanged,
  UserCreated,
  UserDeleted,
} from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { sql } from 'kysely';
import { AppModule } from '../src/app.module.js';
import { SendWorker } from '../src/send.worker.js';
import { aRun, someone } from './facts.js';

interface Inbox {
  data: { id: string; kind: string; state: string; title: string; text: string }[];
  unread: number;
}
interface Mail {
  subject: string;
  text: string;
}

describe('when a connection expires', () => {
  let notifier: TestApp;
  beforeAll(async () => {
    notifier = await startApp(AppModule);
  });
  afterAll(() => notifier.close());

  const inboxOf = async (userId: string) => (await notifier.as(userId).get('/v1/inbox')).body as Inbox;
  const mailsTo = async (email: string) => (await sandboxControl.get<{ items: Mail[] }>(`mails?to=${encodeURIComponent(email)}`)).items;
  /** The digest window is over. */
  const later = () =>
    asSystem(notifier.em, () =>
      notifier.em.transactional((tx) =>
        sql`update delivery set due_at = now() where state = 'pending' and step = 0`.execute(tx.getKysely()),
      ),
    );
  const send = () => notifier.app.get(SendWorker).tick();

  it('tells the user once, in the inbox and by one e-mail, although it is told three times', async () => {
    const one = someone();
    await notifier.deliver(UserCreated, one.created);
    const batch = await notifier.deliver(ConnectionExpired, one.expired);
    await notifier.deliverAgain(batch);
    await notifier.deliver(ConnectionExpired, one.expired); // told again by another event: the incident is the same
    expect(await inboxOf(one.userId)).toMatchObject({
      unread: 1,
      data: [{ kind: 'connection.expired', state: 'posted', title: 'Reconnect Slack to keep your agent working' }],
    });
    expect((await notifier.told(NotificationChanged)).filter(({ userId }) => userId === one.userId)).toMatchObject([
      { state: 'posted', unread: 1 },
    ]);
    await send();
    expect(await mailsTo(one.email)).toEqual([]); // the digest window is open
    await later();
    await send();
    await send();
    const [mail, ...more] = await mailsTo(one.email);
    expect(mail?.subject).toBe('Reconnect Slack to keep your agent working');
    expect(mail?.text.match(/https?:\/\/\S+/g)).toEqual(['http://localhost:3000/settings/integrations/slack']);
    expect(more).toEqual([]);
  });

  it('mails only once the address is known', async () => {
    const one = someone();
    await notifier.deliver(ConnectionExpired, one.expired);
    await later();
    await send();
    await notifier.deliver(UserCreated, one.created);
    await send();
    expect(await mailsTo(one.email)).toHaveLength(1);
  });

  it('is settled by the reconnection, and nothing is mailed that is settled', async () => {
    const one = someone();
    await notifier.deliver(UserCreated, one.created);
    await notifier.deliver(ConnectionActivated, one.activated);
    await notifier.deliver(ConnectionExpired, one.expired);
    await notifier.deliver(ConnectionActivated, one.reconnected);
    expect(await inboxOf(one.userId)).toMatchObject({ unread: 0, data: [{ state: 'resolved' }] });
    await later();
    await send();
    expect(await mailsTo(one.email)).toEqual([]);
  });

  it('says nothing when the reconnection was heard first', async () => {
    const one = someone();
    await notifier.deliver(ConnectionActivated, [one.activated, { ...one.reconnected, epoch: 0 }]);
    await notifier.deliver(ConnectionExpired, one.expired); // of the superseded account
    expect(await inboxOf(one.userId)).toEqual({ data: [], nextCursor: null, unread: 0 });
  });

  it('does not say again, for a run that waits for it, what was said', async () => {
    const one = someone();
    const run = aRun(one.userId);
    await notifier.deliver(ConnectionExpired, one.expired);
    await notifier.deliver(AgentRunBlocked, run.blocked);
    expect((await inboxOf(one.userId)).data.map(({ kind }) => kind)).toEqual(['connection.expired']);
  });

  it('forgets a deleted user, for good', async () => {
    const one = someone();
    await notifier.deliver(UserCreated, one.created);
    await notifier.deliver(ConnectionExpired, one.expired);
    await notifier.deliver(UserDeleted, { userId: one.userId });
    await notifier.deliver(UserCreated, one.created);
    await notifier.deliver(ConnectionExpired, { ...one.expired, epoch: 2 });
    await later();
    await send();
    expect(await inboxOf(one.userId)).toMatchObject({ data: [] });
    expect(await mailsTo(one.email)).toEqual([]);
  });

  it('shows nobody the message of another', async () => {
    const one = someone();
    await notifier.deliver(ConnectionExpired, one.expired);
    const [message] = (await inboxOf(one.userId)).data;
    const stranger = notifier.as(someone().userId);
    expect((await stranger.get('/v1/inbox')).body).toMatchObject({ data: [] });
    expect((await stranger.patch(`/v1/inbox/${message?.id}`, { state: 'read' })).status).toBe(404);
    expect((await notifier.as(one.userId).patch(`/v1/inbox/${message?.id}`, { state: 'read' })).body).toMatchObject({ state: 'read' });
  });
});

describe('when a run is blocked', () => {
  let notifier: TestApp;
  beforeAll(async () => {
    notifier = await startApp(AppModule);
  });
  afterAll(() => notifier.close());

  it('says so once, and settles it when the run ends, even if the end is heard first', async () => {
    const one = someone();
    const [run, other] = [aRun(one.userId), aRun(one.userId)];
    await notifier.deliver(AgentRunBlocked, run.blocked);
    await notifier.deliver(AgentRunBlocked, run.blocked);
    await notifier.deliver(AgentRunCompleted, [run.completed, other.completed]);
    await notifier.deliver(AgentRunBlocked, other.blocked);
    const { data } = (await notifier.as(one.userId).get('/v1/inbox')).body as Inbox;
    expect(data).toMatchObject([{ kind: 'run.blocked', state: 'resolved' }]);
  });

  it('says nothing of what an operator has stopped: nobody can do anything about it, and it goes on by itself', async () => {
    const one = someone();
    const [run, other] = [aRun(one.userId), aRun(one.userId)];
    const paused = { app: 'slack', state: 'paused' as const, message: 'Slack is paused for now.', connectUrl: 'http://localhost:3000/' };
    await notifier.deliver(AgentRunBlocked, { ...run.blocked, blockers: [paused] });
    await notifier.deliver(AgentRunBlocked, { ...other.blocked, blockers: [paused, ...other.blocked.blockers] });
    const { data } = (await notifier.as(one.userId).get('/v1/inbox')).body as Inbox;
    expect(data).toHaveLength(1);
  });
});
