import type { ActivityView } from '@gatehouse/contracts';
import type { ToolCall } from '../tools/tool-call.entity.js';

export function presentActivity(call: ToolCall): ActivityView {
  const { runId, toolCallId, tool, decision, state } = call;
  const times = { startedAt: call.startedAt.toISOString(), endedAt: call.endedAt?.toISOString() ?? null };
  const bound = { app: call.app ?? null, accountId: call.accountId ?? null, connectionId: call.connectionId ?? null };
  return { runId, toolCallId, tool, ...bound, class: call.class ?? null, decision, state, happened: call.happened ?? null, ...times };
}
