import type { ApprovalView } from '@gatehouse/contracts';
import type { Approval } from './approval.entity.js';

export function presentApproval(approval: Approval): ApprovalView {
  const { id, runId, tool, app, accountId, summary, state } = approval;
  return {
    id,
    runId,
    tool,
    app,
    accountId,
    summary,
    arguments: approval.arguments,
    state,
    expiresAt: approval.expiresAt.toISOString(),
    createdAt: approval.createdAt.toISOString(),
    decidedAt: approval.decidedAt?.toISOString() ?? null,
  };
}
