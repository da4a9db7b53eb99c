import { z } from 'zod';
import { approval } from './approvals.api.js';
import { toolName } from './ids.js';
import { idParams, instant, pageOf, pageQuery } from './page.api.js';
import type { Route } from './route.js';
import { activity, run, runEvent } from './runs.api.js';

/** Characters of a result that a list of calls shows at the most. */
export const MAX_SHOWN_RESULT = 4_000;

const inFull = {
  /** As sent, or as they would have been. Null: they could not be kept. */
  arguments: z.record(z.string(), z.unknown()).nullable(),
  /** The approval that let it happen, or the no. */
  approvalId: z.uuid().nullable(),
  /** Why it was refused, in words. */
  why: z.string().nullable(),
};

/** A tool call of a run with what was sent and what came back. A result of more than 4,000 characters is cut; the export has it whole. */
export const runCall = activity
  .extend({ ...inFull, result: z.object({ text: z.string(), cut: z.boolean() }).nullable() })
  .meta({ id: 'RunCall' });
export type RunCallView = z.output<typeof runCall>;

/** A row of the log of decisions: who or what allowed or refused what. Numbers count from 1 without a gap; each hash is also of the one before. */
export const decisionRow = z
  .object({
    seq: z.int(),
    at: instant,
    runId: z.uuid().nullable(),
    kind: z.string(),
    data: z.record(z.string(), z.unknown()),
    hash: z.string(),
  })
  .meta({ id: 'DecisionRow' });
export type DecisionView = z.output<typeof decisionRow>;

const exportedRun = run.extend({
  origin: z.string(),
  timeline: z.array(runEvent),
  calls: z.array(activity.extend({ ...inFull, result: z.string().nullable() })),
  approvals: z.array(approval.extend({ reason: z.string().nullable() })),
});

/** Everything agents did with a user's accounts, whole. */
export const exported = z
  .object({
    exportedAt: instant,
    userId: z.string(),
    runs: z.array(exportedRun),
    decisions: z.array(decisionRow),
    settings: z.array(z.object({ tool: toolName, setting: z.enum(['allow', 'ask', 'never']), changedAt: instant })),
  })
  .meta({ id: 'Export' });

export const recordRoutes: readonly Route[] = [
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/runs/{id}/calls',
    by: 'user',
    summary: 'The tool calls of a run, oldest first, with arguments and results',
    params: idParams,
    query: pageQuery,
    response: pageOf(runCall),
  },
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/decisions',
    by: 'user',
    summary: 'What was allowed and refused to my agents, newest first',
    query: pageQuery,
    response: pageOf(decisionRow),
  },
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/export',
    by: 'user',
    summary: 'All that agents did with my accounts, as one download; 429 while another one of mine is on its way',
    response: exported,
  },
];
