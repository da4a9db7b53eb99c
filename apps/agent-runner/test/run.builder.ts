import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { Approval } from '../src/approvals/approval.entity.js';
import { DAY_MS, Run } from '../src/runs/run.entity.js';
import { ToolCall } from '../src/tools/tool-call.entity.js';

export const aUser = (): string => `usr_${randomUUID().slice(0, 12)}`;

export function aRun(given: Partial<Run> = {}): Run {
  const apps = { required: [], optional: [] };
  const defaults = { id: randomUUID(), userId: aUser(), agent: 'default', input: 'say hello', apps, origin: 'person', requestHash: '' };
  return Object.assign(new Run(), defaults, given);
}

/** A call that this run made, as the journal has it. */
export function aCall({ id: runId, userId }: Run, given: Partial<ToolCall> = {}): ToolCall {
  const account = { connectionId: randomUUID(), accountId: 'ca_1', epoch: 0 };
  const tool = { app: 'slack', tool: 'SLACK_SEND_MESSAGE', class: 'write', decision: 'approved', argsHash: '' } as const;
  const defaults = {
    runId,
    userId,
    toolCallId: `call_${randomUUID()}`,
    ...account,
    ...tool,
    state: 'done',
    fence: 1,
    startedAt: new Date(),
  };
  return Object.assign(new ToolCall(), defaults, given);
}

/** The approval of this call. */
export function anApproval({ runId, toolCallId, userId, tool, arguments: args }: ToolCall, given: Partial<Approval> = {}): Approval {
  const account = { app: 'slack', class: 'write', connectionId: randomUUID(), accountId: 'ca_1' } as const;
  const asked = {
    summary: 'Send a message with Slack',
    why: 'This changes something for others to see.',
    arguments: args ?? {},
    argsHash: '',
  };
  const bound = { id: v7(), runId, toolCallId, userId, tool, ...account, ...asked, expiresAt: new Date(Date.now() + DAY_MS) };
  return Object.assign(new Approval(), bound, given);
}
