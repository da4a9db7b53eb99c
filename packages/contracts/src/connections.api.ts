import { z } from 'zod';
import { alias, app } from './ids.js';
import { idParams, instant, pageOf, pageQuery } from './page.api.js';
import type { Route } from './route.js';

export const connectionState = z.enum(['pending', 'active', 'broken', 'unknown', 'not_finished', 'removing', 'removed']);
export type ConnectionState = z.output<typeof connectionState>;

export const appInfo = z
  .object({
    app,
    name: z.string(),
    logo: z.string().nullable(),
    categories: z.array(z.string()),
    connectable: z.boolean(),
    whyNot: z.string().nullable(),
  })
  .meta({ id: 'App' });
export type AppInfoView = z.output<typeof appInfo>;

export const connection = z
  .object({
    id: z.uuid(),
    app,
    alias: alias.nullable(),
    status: connectionState,
    /** Composio's status of the account behind it, when it last was read. */
    providerStatus: z.string().nullable(),
    reason: z.string().nullable(),
    accountId: z.string().nullable(),
    accountLabel: z.string().nullable(),
    epoch: z.int(),
    connectedAt: instant.nullable(),
    lastCheckedAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Connection' });
export type ConnectionView = z.output<typeof connection>;

export const connectRequest = z.strictObject({ app, alias: alias.optional() }).meta({ id: 'ConnectRequest' });
export type ConnectRequest = z.output<typeof connectRequest>;

/** `connectUrl` is a bearer link: for the signed-in browser that asked, now; never stored or mailed. It lives 10 minutes. */
export const connectAttempt = z.object({ id: z.uuid(), connectUrl: z.url(), expiresAt: instant }).meta({ id: 'ConnectAttempt' });
export type ConnectAttempt = z.output<typeof connectAttempt>;

/** `sessionUri` is opaque and secret: at most 512 characters, used once. */
export const completeRequest = z.strictObject({ sessionUri: z.string().min(1).max(512) }).meta({ id: 'CompleteRequest' });

export const removalOutcome = z.enum(['revoked', 'not_supported', 'already_gone', 'not_active', 'needs_attention', 'pending']);
export const disconnected = z.object({ id: z.uuid(), status: connectionState, outcome: removalOutcome }).meta({ id: 'Disconnected' });

export const connectionsRoutes: readonly Route[] = [
  {
    app: 'connections',
    method: 'get',
    path: '/v1/apps',
    by: 'user',
    summary: 'The apps that can be connected',
    query: pageQuery.extend({ search: z.string().max(100).optional() }),
    response: pageOf(appInfo),
  },
  {
    app: 'connections',
    method: 'get',
    path: '/v1/connections',
    by: 'user',
    summary: 'My connections',
    query: pageQuery,
    response: pageOf(connection),
  },
  {
    app: 'connections',
    method: 'post',
    path: '/v1/connections',
    by: 'user',
    summary: 'Connect an app: answers with the link to follow',
    status: 201,
    body: connectRequest,
    response: connectAttempt,
  },
  {
    app: 'connections',
    method: 'get',
    path: '/v1/connections/{id}',
    by: 'user',
    summary: 'One connection of mine',
    params: idParams,
    response: connection,
  },
  {
    app: 'connections',
    method: 'post',
    path: '/v1/connections/{id}/reconnect',
    by: 'user',
    summary: 'Reconnect: the same connection, a new link',
    status: 201,
    params: idParams,
    response: connectAttempt,
  },
  {
    app: 'connections',
    method: 'post',
    path: '/v1/connections/{id}/check',
    by: 'user',
    summary: 'Read its state at Composio now',
    status: 200,
    params: idParams,
    response: connection,
  },
  {
    app: 'connections',
    method: 'post',
    path: '/v1/connections/complete',
    by: 'user',
    summary: 'The browser is back from the provider',
    status: 200,
    body: completeRequest,
    response: connection,
  },
  {
    app: 'connections',
    method: 'delete',
    path: '/v1/connections/{id}',
    by: 'user',
    summary: 'Disconnect',
    status: 202,
    params: idParams,
    response: disconnected,
  },
];
