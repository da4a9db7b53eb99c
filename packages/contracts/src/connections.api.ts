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
    /** An operator has stopped it for now, for this user or for all. */
    paused: z.boolean(),
  })
  .meta({ id: 'App' });
export type AppInfoView = z.output<typeof appInfo>;

/** `search` in names; `apps`: these and no others, comma-separated. */
export const appsQuery = pageQuery.extend({ search: z.string().max(100).optional(), apps: z.string().max(2000).optional() });
export type AppsQuery = z.output<typeof appsQuery>;

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
    /** Who the account is at the provider, such as an address; null until it could be read. */
    accountLabel: z.string().nullable(),
    /** Of several accounts of an app the one that runs use. */
    default: z.boolean(),
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

/** Who noticed a change of state; in the order of a connection's life. */
export const detector = z.enum(['user', 'callback', 'poll', 'check', 'sweep', 'webhook', 'run', 'operator', 'user.deleted', 'unknown']);
export type Detector = z.output<typeof detector>;

/** One change of a connection's state or account: from what to what, why, who noticed it, when. */
export const connectionChange = z
  .object({
    id: z.uuid(),
    was: connectionState.nullable(),
    status: connectionState,
    providerStatus: z.string().nullable(),
    reason: z.string().nullable(),
    accountId: z.string().nullable(),
    epoch: z.int(),
    detectedBy: detector,
    at: instant,
  })
  .meta({ id: 'ConnectionChange' });
export type ConnectionChangeView = z.output<typeof connectionChange>;

/** `alias: null` takes the name away; `default: true` makes it the one that runs use, in place of the one before. */
export const changeConnectionRequest = z
  .strictObject({ alias: alias.nullable().optional(), default: z.literal(true).optional() })
  .refine((change) => change.alias !== undefined || change.default !== undefined, 'There is nothing to change')
  .meta({ id: 'ChangeConnectionRequest' });
export type ChangeConnectionRequest = z.output<typeof changeConnectionRequest>;

/** `connectUrl` is a bearer link: for the signed-in browser that asked, now; never stored or mailed. It lives 10 minutes. */
export const connectAttempt = z.object({ id: z.uuid(), connectUrl: z.url(), expiresAt: instant }).meta({ id: 'ConnectAttempt' });
export type ConnectAttempt = z.output<typeof connectAttempt>;

/** `sessionUri` is opaque and secret: at most 512 characters, used once. */
export const completeRequest = z.strictObject({ sessionUri: z.string().min(1).max(512) }).meta({ id: 'CompleteRequest' });

export const removalOutcome = z.enum(['revoked', 'not_supported', 'already_gone', 'not_active', 'needs_attention', 'pending']);
export type RemovalOutcome = z.output<typeof removalOutcome>;
export const disconnected = z.object({ id: z.uuid(), status: connectionState, outcome: removalOutcome }).meta({ id: 'Disconnected' });
export type Disconnected = z.output<typeof disconnected>;

export const connectionsRoutes: readonly Route[] = [
  {
    app: 'connections',
    method: 'get',
    path: '/v1/apps',
    by: 'user',
    summary: 'The apps that can be connected',
    query: appsQuery,
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
    method: 'patch',
    path: '/v1/connections/{id}',
    by: 'user',
    summary: 'Name it, or make it the default of its app',
    params: idParams,
    body: changeConnectionRequest,
    response: connection,
  },
  {
    app: 'connections',
    method: 'get',
    path: '/v1/connections/{id}/history',
    by: 'user',
    summary: 'What became of it, newest first',
    params: idParams,
    query: pageQuery,
    response: pageOf(connectionChange),
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
