import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Approval',
  tableName: 'approval',
  ...ownRows('agent_runner'),
  indexes: [
    { name: 'approval_of_call', properties: ['runId', 'toolCallId'] },
    { name: 'approval_listed', properties: ['userId', 'id'], where: "state = 'waiting'" },
  ],
  properties: {
    id: p.uuid().primary(),
    runId: p.uuid(),
    toolCallId: p.string().length(200),
    userId: p.string().length(200),
    tool: p.string().length(128),
    app: p.string().length(64),
    class: p.enum(['read', 'write', 'destructive']),
    connectionId: p.uuid(),
    accountId: p.string().length(200),
    summary: p.string().length(200),
    why: p.string().length(200),
    arguments: p.json<Record<string, unknown>>(),
    argsHash: p.string().length(64),
    state: p.enum(['waiting', 'approved', 'edited', 'rejected', 'expired', 'used', 'cancelled']).default('waiting'),
    /** The one that its user edited: this row is what they made of it. */
    editedFrom: p.uuid().nullable(),
    reason: p.string().length(500).nullable(),
    expiresAt: p.datetime(),
    createdAt: p.datetime().defaultRaw('now()'),
    decidedAt: p.datetime().nullable(),
  },
});

/** One tool call that waits for its user: bound to run, call, tool, account and the hash of its arguments, decided once, used once. */
export class Approval extends schema.class {
  decide(state: 'approved' | 'edited' | 'rejected', now: Date): void {
    this.state = state;
    this.decidedAt = now;
  }
}
schema.setClass(Approval);
