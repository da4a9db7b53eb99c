import { MAX_SHOWN_RESULT, type RunCallView } from '@gatehouse/contracts';
import type { ToolCall } from '../tools/tool-call.entity.js';
import { presentActivity } from './activity.presenter.js';

/** A call with all that is kept of it. What stands in place of a result where it was refused is the reason. */
export function presentWhole(call: ToolCall, approvalId: string | null) {
  const refused = call.state === 'refused';
  const [why, result] = refused ? [call.result ?? null, null] : [null, call.result ?? null];
  return { ...presentActivity(call), arguments: call.arguments ?? null, approvalId, why, result };
}

export function presentCall(call: ToolCall, approvalId: string | null): RunCallView {
  const { result, ...whole } = presentWhole(call, approvalId);
  if (result === null) return { ...whole, result };
  // Not between the halves of a character: the answer would not be text any more.
  const cut = result.length > MAX_SHOWN_RESULT;
  return { ...whole, result: { text: cut ? result.slice(0, MAX_SHOWN_RESULT).replace(/[\uD800-\uDBFF]$/, '') : result, cut } };
}
