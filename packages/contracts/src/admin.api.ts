import { z } from 'zod';
import { app, userId } from './ids.js';
import { idParams, instant, pageOf, pageQuery } from './page.api.js';
import type { Route } from './route.js';
import { runState } from './runs.api.js';
import { operatorReason } from './switches.api.js';

const seconds = z.number().nullable();

/** Why, for the record; `dryRun` says what would be touched, and changes nothing. */
export const operatorWish = z.strictObject({ reason: operatorReason, dryRun: z.boolean().default(false) }).meta({ id: 'OperatorWish' });
export type OperatorWish = z.output<typeof operatorWish>;
export const operatorAnswer = z.object({ touches: z.int(), dryRun: z.boolean() }).meta({ id: 'OperatorAnswer' });
export type OperatorAnswer = z.output<typeof operatorAnswer>;

export const timelineQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50), before: instant.optional() });
export type TimelineQuery = z.output<typeof timelineQuery>;

/** Something that happened to a user, in one app: `id` is the connection, run or notification. Never content. */
export const timelineEntry = z
  .object({
    at: instant,
    kind: z.string(),
    id: z.string(),
    app: app.nullable(),
    state: z.string().nullable(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'TimelineEntry' });
export type TimelineEntry = z.output<typeof timelineEntry>;
/** The newest first; the apps' timelines together are the user's. `more`: there is more before the last one. */
export const timeline = z.object({ data: z.array(timelineEntry), more: z.boolean() }).meta({ id: 'Timeline' });
export type Timeline = z.output<typeof timeline>;

/** Of the last 30 days but for the states. `oldestUnrepaired` names its user by id only. Measured at most once a minute. */
export const connectionHealth = z
  .object({
    measuredAt: instant,
    apps: z.array(
      z.object({
        app,
        active: z.int(),
        broken: z.int(),
        pending: z.int(),
        breaks: z.array(z.object({ day: z.iso.date(), count: z.int() })),
        attempted: z.int(),
        finished: z.int(),
        broke: z.int(),
        repaired: z.int(),
        medianRepairSeconds: seconds,
        oldestUnrepaired: z.object({ connectionId: z.uuid(), userId, since: instant }).nullable(),
      }),
    ),
  })
  .meta({ id: 'ConnectionHealth' });
export type ConnectionHealth = z.output<typeof connectionHealth>;

/** `day`: runs that ended in the last 24 hours. Measured at most once a minute. */
export const runsHealth = z
  .object({
    measuredAt: instant,
    live: z.object({ queued: z.int(), delayed: z.int(), running: z.int(), parked: z.int() }),
    oldestQueuedSeconds: seconds,
    parked: z.array(z.object({ cause: z.string(), count: z.int() })),
    day: z.object({
      completed: z.int(),
      failed: z.int(),
      cancelled: z.int(),
      errors: z.array(z.object({ code: z.string(), count: z.int() })),
      medianStartSeconds: seconds,
      medianSeconds: seconds,
      slowSeconds: seconds,
      unknownOutcomes: z.int(),
      tokens: z.int(),
    }),
  })
  .meta({ id: 'RunsHealth' });
export type RunsHealth = z.output<typeof runsHealth>;

/** Without `userId` only live runs can be asked for. */
export const adminRunsQuery = pageQuery
  .extend({ userId: userId.optional(), state: runState.optional() })
  .refine(({ userId: user, state }) => user !== undefined || (state && !['completed', 'failed', 'cancelled'].includes(state)), {
    message: 'Name a user, or the state of live runs',
  });
export type AdminRunsQuery = z.output<typeof adminRunsQuery>;

/** A run without what it was asked and what it said. */
export const adminRun = z
  .object({
    id: z.uuid(),
    userId,
    state: runState,
    agent: z.string(),
    waitingFor: z.string().nullable(),
    errorCode: z.string().nullable(),
    toolCalls: z.int(),
    tokens: z.int(),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'AdminRun' });
export type AdminRun = z.output<typeof adminRun>;

/** Counts by result and calls are those of the replica that answers, since its start. */
export const auditHealth = z
  .object({
    lastSweep: z.object({ openedAt: instant, closedAt: instant.nullable(), shards: z.int(), shardsDone: z.int() }).nullable(),
    uncheckedSeconds: seconds,
    startedAt: instant,
    calls: z.array(z.object({ work: z.string(), count: z.int() })),
    callsPerMinuteAtMost: z.int(),
    webhooks: z.array(z.object({ outcome: z.string(), count: z.int() })),
  })
  .meta({ id: 'AuditHealth' });
export type AuditHealth = z.output<typeof auditHealth>;

const timelines = (['connections', 'agent-runner', 'auditor', 'notifier'] as const).map(
  (name): Route => ({
    app: name,
    method: 'get',
    path: `/admin/${name}/users/{userId}/timeline`,
    by: 'operator',
    summary: 'What happened to a user here, newest first; no content',
    params: z.object({ userId }),
    query: timelineQuery,
    response: timeline,
  }),
);
const read = { method: 'get', by: 'operator' } as const;
const act = { method: 'post', by: 'operator', status: 200, body: operatorWish, response: operatorAnswer } as const;

export const adminRoutes: readonly Route[] = [
  ...timelines,
  { ...read, app: 'connections', path: '/admin/connections/health', summary: 'Connections of each app', response: connectionHealth },
  { ...read, app: 'agent-runner', path: '/admin/agent-runner/runs', summary: 'Queue, success and cost of runs', response: runsHealth },
  {
    ...read,
    app: 'agent-runner',
    path: '/admin/agent-runner/runs/list',
    summary: 'Runs of a user or in a live state, without content',
    query: adminRunsQuery,
    response: pageOf(adminRun),
  },
  { ...act, app: 'agent-runner', path: '/admin/agent-runner/runs/{id}/cancel', summary: 'Cancel a run', params: idParams },
  { ...read, app: 'auditor', path: '/admin/auditor/audit', summary: 'The sweep, its calls, and webhooks', response: auditHealth },
  { ...act, app: 'auditor', path: '/admin/auditor/sweep', summary: 'Sweep now; 409 while one is under way' },
  {
    ...act,
    app: 'notifier',
    path: '/admin/notifier/notifications/{id}/resend',
    summary: 'Send what was given up once more, by every channel that it was owed to',
    params: idParams,
  },
];
