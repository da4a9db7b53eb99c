import { z } from 'zod';
import { idParams, instant, pageOf, pageQuery } from './page.api.js';
import type { Route } from './route.js';

export const notificationKind = z.enum(['connection.expired', 'run.blocked', 'run.approval']);
export type NotificationKind = z.output<typeof notificationKind>;

/** The languages that messages are written in. */
export const messageLanguage = z.enum(['en', 'de']);
export type MessageLanguage = z.output<typeof messageLanguage>;

export const notification = z
  .object({
    id: z.uuid(),
    kind: notificationKind,
    state: z.enum(['posted', 'read', 'resolved']),
    title: z.string(),
    text: z.string(),
    link: z.string(),
    createdAt: instant,
    resolvedAt: instant.nullable(),
  })
  .meta({ id: 'Notification' });
export type NotificationView = z.output<typeof notification>;

export const inboxPage = pageOf(notification).extend({ unread: z.int() });
/** `language` is a BCP 47 tag, such as the page's; without it messages come in the user's own. */
export const inboxQuery = pageQuery.extend({ language: z.string().max(35).optional() });
export type InboxQuery = z.output<typeof inboxQuery>;

export const markNotification = z.strictObject({ state: z.literal('read') }).meta({ id: 'MarkNotification' });

/** `upTo` is the newest message that the person saw: what came after it stays unread. Without it all of them. */
export const markInbox = z.strictObject({ upTo: z.uuid().optional() }).meta({ id: 'MarkInbox' });
export type MarkInbox = z.output<typeof markInbox>;
export const inboxMarked = z.object({ unread: z.int().min(0) }).meta({ id: 'InboxMarked' });

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day is HH:MM');

/** From one time of the day to another, by the clock of that place; over midnight if the second is the smaller one. E-mails wait until it ends. */
export const quietHours = z
  .strictObject({ from: clock, to: clock, timeZone: z.string().min(1).max(64).refine(isTimeZone, 'There is no such time zone') })
  .refine(({ from, to }) => from !== to, 'Quiet hours have two different ends')
  .meta({ id: 'QuietHours' });
export type QuietHours = z.output<typeof quietHours>;

/** Kinds that a channel leaves out. Approvals are always in the inbox: a run waits for them. */
export const muted = z
  .strictObject({
    inbox: z.array(notificationKind.exclude(['run.approval'])).max(2),
    email: z.array(notificationKind).max(3),
    webhook: z.array(notificationKind).max(3),
  })
  .meta({ id: 'Muted' });
export type Muted = z.output<typeof muted>;

/** Channels besides the inbox, which is always on. `digestMinutes` gathers e-mails; 0 sends each at once. A field that is left out stays as it is. */
export const preferences = z
  .strictObject({
    email: z.boolean(),
    digestMinutes: z.union([z.literal(0), z.literal(15), z.literal(1440)]),
    webhookUrl: z
      .url({ protocol: /^https$/ })
      .max(2000)
      .nullable(),
    muted: muted.optional(),
    quietHours: quietHours.nullable().optional(),
    /** Null: as the account says. */
    language: messageLanguage.nullable().optional(),
  })
  .meta({ id: 'Preferences' });
export type Preferences = z.output<typeof preferences>;
/**
 * `webhookSecret` signs what goes to `webhookUrl` (Standard Webhooks); it changes with the address. `webhookStopped`: it failed 20 times in
 * a row and is no longer tried, until a test message arrives or the address changes.
 */
export const preferencesView = preferences
  .extend({
    muted,
    quietHours: quietHours.nullable(),
    language: messageLanguage.nullable(),
    webhookSecret: z.string().nullable(),
    webhookStopped: z.boolean(),
  })
  .meta({ id: 'PreferencesView' });
export type PreferencesView = z.output<typeof preferencesView>;

export const testChannel = z.enum(['email', 'webhook']);
export type TestChannel = z.output<typeof testChannel>;
export const testMessage = z.strictObject({ channels: z.array(testChannel).min(1).max(2) }).meta({ id: 'TestMessage' });
export type TestMessage = z.output<typeof testMessage>;

/** `no_address`: there is none to send to. `status` is what a webhook was answered, where it was answered at all. */
export const testResult = z
  .object({ channel: testChannel, outcome: z.enum(['sent', 'no_address', 'refused', 'unreachable']), status: z.int().nullable() })
  .meta({ id: 'TestResult' });
export type TestResult = z.output<typeof testResult>;
export const testResults = z.object({ data: z.array(testResult) });

/** Opaque, signed, out of an e-mail: whose, and which kinds of it. */
export const unsubscribeQuery = z.object({ token: z.string().min(1).max(1000) });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}

export const inboxRoutes: readonly Route[] = [
  {
    app: 'notifier',
    method: 'get',
    path: '/v1/inbox',
    by: 'user',
    summary: 'My messages, newest first',
    query: inboxQuery,
    response: inboxPage,
  },
  {
    app: 'notifier',
    method: 'post',
    path: '/v1/inbox/read',
    by: 'user',
    summary: 'Mark all as read, up to a message',
    status: 200,
    body: markInbox,
    response: inboxMarked,
  },
  {
    app: 'notifier',
    method: 'patch',
    path: '/v1/inbox/{id}',
    by: 'user',
    summary: 'Mark as read',
    params: idParams,
    body: markNotification,
    response: notification,
  },
  { app: 'notifier', method: 'get', path: '/v1/preferences', by: 'user', summary: 'How I am told', response: preferencesView },
  {
    app: 'notifier',
    method: 'put',
    path: '/v1/preferences',
    by: 'user',
    summary: 'Change how I am told; If-Match refuses (412) what was decided on an older state',
    body: preferences,
    response: preferencesView,
  },
  {
    app: 'notifier',
    method: 'post',
    path: '/v1/preferences/test',
    by: 'user',
    summary: 'Send me a test message now, and say what became of it',
    status: 200,
    body: testMessage,
    response: testResults,
  },
  {
    app: 'notifier',
    method: 'get',
    path: '/unsubscribe',
    by: 'anyone',
    summary: 'The page behind the link of an e-mail; opening it changes nothing',
    query: unsubscribeQuery,
    contentType: 'text/html',
  },
  {
    app: 'notifier',
    method: 'post',
    path: '/unsubscribe',
    by: 'anyone',
    summary: 'No more e-mails of these kinds (RFC 8058)',
    status: 200,
    query: unsubscribeQuery,
    contentType: 'text/html',
  },
];
