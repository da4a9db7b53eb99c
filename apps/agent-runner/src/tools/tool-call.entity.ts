import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'ToolCall',
  tableName: 'tool_call',
  ...ownRows('agent_runner'),
  indexes: [{ name: 'tool_call_listed', properties: ['userId', 'startedAt', 'runId', 'toolCallId'] }],
  properties: {
    runId: p.uuid().primary(),
    toolCallId: p.string().length(200).primary(),
    userId: p.string().length(200),
    tool: p.string().length(128),
    /** Null, as the account and the class: it was refused, and nobody knows a tool of that name. */
    app: p.string().length(64).nullable(),
    connectionId: p.uuid().nullable(),
    accountId: p.string().length(200).nullable(),
    epoch: p.integer().nullable(),
    class: p.enum(['read', 'write', 'destructive']).nullable(),
    decision: p.enum(['allowed', 'approved', 'unattended', 'refused', 'rejected']),
    argsHash: p.string().length(64),
    /** What was sent, or would have been. Null: it was refused, for it cannot be kept. */
    arguments: p.json<Record<string, unknown>>().nullable(),
    /** `refused`: it never left, by our rules or by its user's no. */
    state: p.enum(['started', 'done', 'failed', 'unknown', 'refused']),
    /** The account was refused for its credentials: the only failure that another account, or another epoch, may try again. */
    credentialsRefused: p.boolean().default(false),
    result: p.text().nullable(),
    /** Of one whose outcome is unknown: what its user found out. */
    happened: p.boolean().nullable(),
    fence: p.integer(),
    startedAt: p.datetime(3).defaultRaw('now()'),
    endedAt: p.datetime().nullable(),
  },
});

/** The journal: a row says that a call is about to happen before it does, and how it ended after; or that it was refused. */
export class ToolCall extends schema.class {}
schema.setClass(ToolCall);
