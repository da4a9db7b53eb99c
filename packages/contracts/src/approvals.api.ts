import { z } from 'zod';
import { app, toolClass, toolName } from './ids.js';
import { idParams, instant, pageOf, pageQuery } from './page.api.js';
import type { Route } from './route.js';

export const approvalState = z.enum(['waiting', 'approved', 'edited', 'rejected', 'expired', 'used', 'cancelled']);

/** One tool call that waits for its user: bound to the run, the tool and the hash of its arguments, used once. */
export const approval = z
  .object({
    id: z.uuid(),
    runId: z.uuid(),
    tool: toolName,
    app,
    class: toolClass,
    connectionId: z.uuid(),
    accountId: z.string(),
    /** What the tool does, as a person reads it. */
    title: z.string(),
    /** The same; kept for who reads it already. */
    summary: z.string(),
    /** Why it asks, in words. */
    why: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    state: approvalState,
    /** The approval whose arguments its user changed into these. */
    editedFrom: z.uuid().nullable(),
    expiresAt: instant,
    createdAt: instant,
    decidedAt: instant.nullable(),
  })
  .meta({ id: 'Approval' });
export type ApprovalView = z.output<typeof approval>;

export const decision = z
  .discriminatedUnion('decision', [
    z.strictObject({ decision: z.literal('approve') }),
    z.strictObject({ decision: z.literal('reject'), reason: z.string().max(500).optional() }),
    z.strictObject({ decision: z.literal('edit'), arguments: z.record(z.string(), z.unknown()) }),
  ])
  .meta({ id: 'Decision' });
export type Decision = z.output<typeof decision>;

/** `?runId`: of this run only. */
export const approvalsQuery = pageQuery.extend({ runId: z.uuid().optional() });
export type ApprovalsQuery = z.output<typeof approvalsQuery>;

export const approvalsRoutes: readonly Route[] = [
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/approvals',
    by: 'user',
    summary: 'What waits for my approval, oldest first',
    query: approvalsQuery,
    response: pageOf(approval),
  },
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/approvals/{id}',
    by: 'user',
    summary: 'One of my approvals, a decided one, too',
    params: idParams,
    response: approval,
  },
  {
    app: 'agent-runner',
    method: 'post',
    path: '/v1/approvals/{id}/decision',
    by: 'user',
    summary: 'Approve, edit or reject; 409 says how it was decided, 422 what does not fit the tool',
    status: 200,
    params: idParams,
    body: decision,
    response: approval,
  },
];
