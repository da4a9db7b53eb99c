import { defineEntity, p } from '@mikro-orm/core';

export type CandidateState = 'found' | 'breaking' | 'held';

const schema = defineEntity({
  name: 'Candidate',
  indexes: [{ name: 'candidate_by_app', properties: ['app', 'state'] }],
  properties: {
    connectionId: p.uuid().primary(),
    accountId: p.string(),
    app: p.string(),
    status: p.string(),
    reason: p.string().length(500),
    detectedBy: p.enum(['sweep', 'webhook', 'run'] as const).$type<'sweep' | 'webhook' | 'run'>(),
    /** found → breaking, or → held by the blast-radius guard until an operator releases or discards it, or the account recovers. */
    state: p.enum(['found', 'breaking', 'held'] as const).$type<CandidateState>(),
    /** The cycle that saw it last; null when a single re-check did. */
    periodStart: p.datetime().nullable(),
    foundAt: p.datetime().defaultRaw('now()'),
  },
});

/** A connection whose account Composio calls broken, before the guard has let it break. */
export class Candidate extends schema.class {}
schema.setClass(Candidate);
