import { z } from 'zod';
import { accountId, alias, app, userId } from './ids.js';
import type { Route } from './route.js';

export const blockerState = z.enum([
  'not_connected',
  'pending',
  'broken',
  'unknown',
  'not_finished',
  'removing',
  'ambiguous',
  'paused',
  'user_deleted',
]);

/** Why an app cannot be used now, in words a person reads, and where to go. */
export const blocker = z
  .object({ app, state: blockerState, message: z.string().max(500), connectUrl: z.string().max(2000) })
  .meta({ id: 'Blocker' });
export type Blocker = z.output<typeof blocker>;

/** App → the alias of the account that is meant, where a user has several; an app that is not named means the default one. */
export const chosenAccounts = z.record(app, alias);

/** `userId` is optional over the gateway and must equal the signed-in user. */
export const gateRequest = z
  .strictObject({
    userId: userId.optional(),
    apps: z.strictObject({
      required: z.array(app).max(20).default([]),
      optional: z.array(app).max(20).default([]),
      accounts: chosenAccounts.optional(),
    }),
  })
  .meta({ id: 'GateRequest' });
export type GateRequest = z.output<typeof gateRequest>;

/** The account that a run may use for an app: pinned, with the owner as Composio named them when it was activated. */
export const pinnedAccount = z
  .object({ app, connectionId: z.uuid(), accountId, owner: userId, alias: alias.nullable(), epoch: z.int().min(0) })
  .meta({ id: 'PinnedAccount' });
export type PinnedAccount = z.output<typeof pinnedAccount>;

/**
 * ready: every app is there. degraded: all required ones are, an optional one is not (it is in `blockers`). blocked: a required one is not.
 */
export const verdict = z
  .object({ verdict: z.enum(['ready', 'degraded', 'blocked']), userId, accounts: z.array(pinnedAccount), blockers: z.array(blocker) })
  .meta({ id: 'Verdict' });
export type Verdict = z.output<typeof verdict>;

export const gateRoutes: readonly Route[] = [
  {
    app: 'connections',
    method: 'post',
    path: '/v1/gate',
    by: 'user',
    summary: 'May I run with these apps now?',
    status: 200,
    body: gateRequest,
    response: verdict,
  },
];
