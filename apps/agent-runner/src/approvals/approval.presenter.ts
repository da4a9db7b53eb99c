import type { ApprovalView } from '@gatehouse/contracts';
import type { Approval } from './approval.entity.js';

export function presentApproval(approval: Approval): ApprovalView {
  const { id, runId, tool, app, connectionId, accountId, summary, why, state } = approval;
  return {
    id,
    runId,
    tool,
    app,
    class: approval.class,
    connectionId,
    accountId,
    title: summary,
    summary,
    why,
    arguments: approval.arguments,
    state,
    editedFrom: approval.editedFrom ?? null,
    expiresAt: approval.expiresAt.toISOString(),
    createdAt: approval.createdAt.toISOString(),
    decidedAt: approval.decidedAt?.toISOString() ?? null,
  };
}
