import { z } from 'zod';
import { idParams, instant, pageOf, pageQuery } from './page.api.js';
import type { Route } from './route.js';

export const notification = z
  .object({
    id: z.uuid(),
    kind: z.enum(['connection.expired', 'run.blocked', 'run.approval']),
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
export const markNotification = z.strictObject({ state: z.literal('read') }).meta({ id: 'MarkNotification' });

/** Channels besides the inbox, which is always on. `digestMinutes` gathers e-mails; 0 sends each at once. */
export const preferences = z
  .strictObject({
    email: z.boolean(),
    digestMinutes: z.union([z.literal(0), z.literal(15), z.literal(1440)]),
    webhookUrl: z
      .url({ protocol: /^https$/ })
      .max(2000)
      .nullable(),
  })
  .meta({ id: 'Preferences' });
export type Preferences = z.output<typeof preferences>;
/** `webhookSecret` signs what goes to `webhookUrl` (Standard Webhooks); it changes with the address. */
export const preferencesView = preferences.extend({ webhookSecret: z.string().nullable() }).meta({ id: 'PreferencesView' });
export type PreferencesView = z.output<typeof preferencesView>;

export const inboxRoutes: readonly Route[] = [
  {
    app: 'notifier',
    method: 'get',
    path: '/v1/inbox',
    by: 'user',
    summary: 'My messages, newest first',
    query: pageQuery,
    response: inboxPage,
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
    summary: 'Change how I am told',
    body: preferences,
    response: preferencesView,
  },
];
