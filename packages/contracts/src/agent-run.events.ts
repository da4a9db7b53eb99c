import { z } from 'zod';
import { defineEvent, openEnum } from './event.js';
import { blocker, chosenAccounts } from './gate.api.js';
import { agentName, app, conversationId, toolName, userId } from './ids.js';

/** Characters in a run's input at the most. */
export const MAX_INPUT = 100_000;

/** Characters in a run's answer at the most. */
export const MAX_OUTPUT = 200_000;

export const runInput = z
  .string()
  .trim()
  .min(1)
  .max(MAX_INPUT)
  // Postgres keeps neither; refused here, it is somebody's bad input and not our error.
  .refine((text) => !text.includes('\u0000') && text.isWellFormed(), 'The input has no zero byte and no half characters');
export const neededApps = z.object({
  required: z.array(app).max(20).default([]),
  optional: z.array(app).max(20).default([]),
  accounts: chosenAccounts.optional(),
});
export type NeededApps = z.output<typeof neededApps>;
export const usage = z.object({ toolCalls: z.int().min(0), tokens: z.int().min(0) }).meta({ id: 'Usage' });
export type Usage = z.output<typeof usage>;
export const cancelledBy = openEnum(['user', 'operator', 'user.deleted']);
export type CancelledBy = z.output<typeof cancelledBy>;
export const runError = z.object({ code: z.string().max(64), message: z.string().max(2000) }).meta({ id: 'RunError' });
export type RunError = z.output<typeof runError>;

/** Somebody asks for a run; asking again with the same id is the same run. */
export const AgentRunRequested = defineEvent({
  type: 'agent.run.requested',
  producer: 'upstream',
  partitions: 24,
  data: z.object({
    runId: z.uuid(),
    userId,
    input: runInput,
    agent: agentName.optional(),
    apps: z.object({ required: z.array(app).max(20), optional: z.array(app).max(20), accounts: chosenAccounts.optional() }),
    tools: z.array(toolName).max(50).optional(),
    conversationId: conversationId.optional(),
    /** Who wrote the input. Only a signed-in person's is trusted; any other starts the run tainted. */
    origin: openEnum(['person', 'service']),
  }),
});

/** The run waits: an app that it needs is not connected. It goes on by itself once it is. */
export const AgentRunBlocked = defineEvent({
  type: 'agent.run.blocked',
  producer: 'agent-runner',
  data: z.object({ runId: z.uuid(), userId, blockers: z.array(blocker).min(1), waitsUntil: z.iso.datetime() }),
});

/** The run waits for its user to approve one tool call. The summary is the tool's template, never content. */
export const AgentRunApprovalRequested = defineEvent({
  type: 'agent.run.approval-requested',
  producer: 'agent-runner',
  data: z.object({
    runId: z.uuid(),
    userId,
    approvalId: z.uuid(),
    tool: toolName,
    app,
    summary: z.string().max(200),
    expiresAt: z.iso.datetime(),
  }),
});

/** A waiting run goes on. */
export const AgentRunResumed = defineEvent({
  type: 'agent.run.resumed',
  producer: 'agent-runner',
  data: z.object({ runId: z.uuid(), userId, after: openEnum(['connection', 'approval']) }),
});

/** The run ended well. */
export const AgentRunCompleted = defineEvent({
  type: 'agent.run.completed',
  producer: 'agent-runner',
  data: z.object({
    runId: z.uuid(),
    userId,
    output: z.string().max(MAX_OUTPUT).optional(),
    structured: z.record(z.string(), z.unknown()).optional(),
    usage,
  }),
});

/** The run ended badly, and why. */
export const AgentRunFailed = defineEvent({
  type: 'agent.run.failed',
  producer: 'agent-runner',
  data: z.object({ runId: z.uuid(), userId, error: runError, usage }),
});

/** The run ended because that was asked for. Nothing more is done for it; what it did before stays done. */
export const AgentRunCancelled = defineEvent({
  type: 'agent.run.cancelled',
  producer: 'agent-runner',
  data: z.object({ runId: z.uuid(), userId, by: cancelledBy, usage }),
});
