import { z } from 'zod';
import { neededApps, runError, runInput, usage } from './agent-run.events.js';
import { blocker } from './gate.api.js';
import { agentName, app, conversationId, toolClass, toolName } from './ids.js';
import { idParams, instant, pageOf, pageQuery } from './page.api.js';
import type { Route } from './route.js';

export const runState = z.enum(['queued', 'delayed', 'running', 'parked', 'completed', 'failed', 'cancelled']);
export type RunState = z.output<typeof runState>;

/** Asks for a run. The user is the signed-in one, so a `userId` here is refused. A repeated `Idempotency-Key` is the same run. */
export const runRequest = z
  .strictObject({
    input: runInput,
    agent: agentName.optional(),
    apps: z.strictObject(neededApps.shape).optional(),
    tools: z.array(toolName).max(50).optional(),
    conversationId: conversationId.optional(),
  })
  .meta({ id: 'RunRequest' });
export type RunRequest = z.output<typeof runRequest>;

export const run = z
  .object({
    id: z.uuid(),
    state: runState,
    agent: agentName,
    input: z.string(),
    /** Asked for with the run; the agent's own come on top. */
    apps: neededApps,
    conversationId: conversationId.nullable(),
    waitingFor: z
      .object({ kind: z.enum(['connection', 'approval']), until: instant, blockers: z.array(blocker), approvalId: z.uuid().nullable() })
      .nullable(),
    output: z.string().nullable(),
    /** The answer as the object that the agent's schema asks for; null where it has none. */
    structured: z.record(z.string(), z.unknown()).nullable(),
    error: runError.nullable(),
    usage,
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'Run' });
export type RunView = z.output<typeof run>;

/** `?show`: only the runs that wait for their user, only those that are under way, or only those that ended in this way. */
export const runsQuery = pageQuery.extend({ show: z.enum(['waiting', 'working', 'completed', 'failed', 'cancelled']).optional() });
export type RunsQuery = z.output<typeof runsQuery>;

/**
 * A row of a run's timeline; `seq` is the id of its event in the stream. A `message` whose `turn` was there before takes its place: the worker
 * died between saying it and keeping it, and the model was asked again.
 */
export const runEvent = z
  .object({ seq: z.int(), type: z.string(), data: z.record(z.string(), z.unknown()), at: instant })
  .meta({ id: 'RunEvent' });
export type RunEventView = z.output<typeof runEvent>;

/**
 * A piece of what the model is saying, in the stream only: without an id, never stored, and none is sent again. `at` is where it belongs in
 * the text of that turn, in UTF-16 units. 0 begins the text anew, also when it was half there: the turn is repeated. A piece that does
 * not begin where the last one ended has a gap before it: leave it, and wait for the `message` of the same turn, which is the whole text.
 */
export const messageDelta = z.object({ turn: z.int().min(1), at: z.int().min(0), text: z.string() }).meta({ id: 'MessageDelta' });
export type MessageDelta = z.output<typeof messageDelta>;

/** An agent, as much as somebody who starts a run needs to know. */
export const agent = z
  .object({
    name: agentName,
    title: z.string(),
    description: z.string().nullable(),
    apps: z.object({ required: z.array(app), optional: z.array(app) }),
    tools: z.array(
      z.object({
        name: toolName,
        app,
        class: z.enum(['read', 'write', 'destructive']),
        title: z.string(),
        /** Runs without asking a person: the operator's decision. */
        unattended: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Agent' });
export type AgentView = z.output<typeof agent>;

/** One tool call as the user may read it: what, with which account, by what rule, and how it ended. */
export const activity = z
  .object({
    runId: z.uuid(),
    toolCallId: z.string(),
    tool: toolName,
    /** Null, as the account and the class: it was refused, and there is no such tool. */
    app: app.nullable(),
    accountId: z.string().nullable(),
    connectionId: z.uuid().nullable(),
    class: toolClass.nullable(),
    /** `refused` by our rules, `rejected` by the user. */
    decision: z.enum(['allowed', 'approved', 'unattended', 'refused', 'rejected']),
    state: z.enum(['started', 'done', 'failed', 'unknown', 'refused']),
    /** Of one whose outcome is unknown: what its user found out. */
    happened: z.boolean().nullable(),
    startedAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Activity' });
export type ActivityView = z.output<typeof activity>;

/** A call of a run: its id is the model's. */
export const callParams = idParams.extend({ toolCallId: z.string().min(1).max(200) });

/** What a person found out about a call whose outcome was not known. Nothing is sent again for it. */
export const outcome = z.strictObject({ happened: z.boolean() }).meta({ id: 'Outcome' });
export type Outcome = z.output<typeof outcome>;

/** `?app`, `?runId` and `?connectionId` narrow the list; a cursor is good for the same ones only. */
export const activityQuery = pageQuery.extend({ app: app.optional(), runId: z.uuid().optional(), connectionId: z.uuid().optional() });
export type ActivityQuery = z.output<typeof activityQuery>;

export const runsRoutes: readonly Route[] = [
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/runs',
    by: 'user',
    summary: 'My runs, newest first',
    query: runsQuery,
    response: pageOf(run),
  },
  {
    app: 'agent-runner',
    method: 'post',
    path: '/v1/runs',
    by: 'user',
    summary: 'Ask for a run',
    status: 202,
    body: runRequest,
    response: run,
  },
  { app: 'agent-runner', method: 'get', path: '/v1/runs/{id}', by: 'user', summary: 'One run of mine', params: idParams, response: run },
  {
    app: 'agent-runner',
    method: 'post',
    path: '/v1/runs/{id}/cancel',
    by: 'user',
    summary: 'Stop a run',
    status: 200,
    params: idParams,
    response: run,
  },
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/runs/{id}/events',
    by: 'user',
    summary:
      'What the run does, live, each event with its time (`at`); Last-Event-ID resumes. `message.delta` has no id and is a MessageDelta',
    params: idParams,
    response: runEvent,
    contentType: 'text/event-stream',
  },
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/runs/{id}/timeline',
    by: 'user',
    summary: 'What the run did so far, oldest first',
    params: idParams,
    query: pageQuery,
    response: pageOf(runEvent),
  },
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/agents',
    by: 'user',
    summary: 'Agents that I can ask for a run',
    response: z.object({ data: z.array(agent) }),
  },
  {
    app: 'agent-runner',
    method: 'post',
    path: '/v1/runs/{id}/calls/{toolCallId}/outcome',
    by: 'user',
    summary: 'Say what became of a call whose outcome is unknown; 409 if it is known',
    status: 200,
    params: callParams,
    body: outcome,
    response: activity,
  },
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/activity',
    by: 'user',
    summary: 'All that agents did with my accounts, newest first',
    query: activityQuery,
    response: pageOf(activity),
  },
];
