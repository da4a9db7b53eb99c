import { z } from 'zod';
import { app, toolName } from './ids.js';
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
    accountId: z.string(),
    summary: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    state: approvalState,
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

export const approvalsRoutes: readonly Route[] = [
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/approvals',
    by: 'user',
    summary: 'What waits for my approval, oldest first',
    query: pageQuery,
    response: pageOf(approval),
  },
  {
    app: 'agent-runner',
    method: 'post',
    path: '/v1/approvals/{id}/decision',
    by: 'user',
    summary: 'Approve, edit or reject; 409 if it was decided',
    status: 200,
    params: idParams,
    body: decision,
    response: approval,
  },
];
