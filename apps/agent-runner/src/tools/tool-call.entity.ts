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
    app: p.string().length(64),
    connectionId: p.uuid(),
    accountId: p.string().length(200),
    epoch: p.integer(),
    class: p.enum(['read', 'write', 'destructive']),
    decision: p.enum(['allowed', 'approved', 'unattended', 'refused']),
    argsHash: p.string().length(64),
    state: p.enum(['started', 'done', 'failed', 'unknown']),
    /** The account was refused for its credentials: the only failure that another account, or another epoch, may try again. */
    credentialsRefused: p.boolean().default(false),
    result: p.text().nullable(),
    fence: p.integer(),
    startedAt: p.datetime(3).defaultRaw('now()'),
    endedAt: p.datetime().nullable(),
  },
});

/** The journal: a row says that a call is about to happen before it does, and how it ended after. */
export class ToolCall extends schema.class {}
schema.setClass(ToolCall);
