import type { ActivityView } from '@gatehouse/contracts';
import type { ToolCall } from '../tools/tool-call.entity.js';

export function presentActivity(call: ToolCall): ActivityView {
  const { runId, toolCallId, tool, app, accountId, connectionId, decision, state } = call;
  const times = { startedAt: call.startedAt.toISOString(), endedAt: call.endedAt?.toISOString() ?? null };
  return { runId, toolCallId, tool, app, accountId, connectionId, class: call.class, decision, state, ...times };
}
