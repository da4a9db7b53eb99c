import type { EntityManager } from '@mikro-orm/postgresql';
import { Approval } from '../approvals/approval.entity.js';
import type { ToolCall } from '../tools/tool-call.entity.js';

/** Which approval belongs to each of these calls of one run: the newest that was not replaced by another. */
export async function approvalsOfCalls(
  em: EntityManager,
  userId: string,
  runId: string,
  calls: readonly ToolCall[],
): Promise<Map<string, string>> {
  if (!calls.length) return new Map();
  const approvals = await em.find(
    Approval,
    { userId, runId, toolCallId: { $in: calls.map(({ toolCallId }) => toolCallId) }, state: { $nin: ['edited', 'cancelled'] } },
    { orderBy: { createdAt: 'asc', id: 'asc' }, fields: ['id', 'toolCallId'] },
  );
  return new Map(approvals.map(({ toolCallId, id }) => [toolCallId, id])); // the newest is written last
}
