import { alarm } from '../alarms.js';
import { type Answer, judge, parse, type Question, said } from '../calls/answers.js';
import { InvalidRequest, OwnerMismatch } from '../errors.js';
import type { ComposioPort, ToolOutcome } from '../port.js';
import { cleaned, type KnownTools } from './known-tools.js';
import { toolAnswer, toolOutcome } from './outcome.js';

export type Execution = Parameters<ComposioPort['executeTool']>[0];

/**
 * All that is checked before anything is sent: run user = account's owner, tool's app = account's app, arguments without file keys and
 * fitting. Returns the arguments to send, or the outcome when they will not do.
 */
export function prepare(r: Execution, known: KnownTools): { arguments: Record<string, unknown> } | { refused: ToolOutcome } {
  if (r.owner !== r.account.owner) {
    alarm({ kind: 'owner-mismatch', during: 'executeTool' });
    throw new OwnerMismatch();
  }
  if (!/^[A-Za-z0-9_]{1,200}$/.test(r.tool)) throw new InvalidRequest('not a tool name');
  if (!/^[!-~]{1,500}$/.test(r.callId)) throw new InvalidRequest('not a call id');
  known.checkApp(r.tool, r.account.app);
  const args = cleaned(r.arguments);
  const message = known.objection(r.tool, args);
  return message === null ? { arguments: args } : { refused: { ok: false, cause: 'tool', message, logId: null } };
}

/** A 403 is about what this account may do, not about our key: an outcome that the agent is told. */
export function readExecution(answer: Answer, question: Question): ToolOutcome {
  if (answer.status === 403) {
    const { requestId } = said(answer);
    return { ok: false, cause: 'tool', message: 'This account may not do that', logId: requestId ?? null };
  }
  judge(answer, question);
  return toolOutcome(parse(toolAnswer, answer, question));
}
