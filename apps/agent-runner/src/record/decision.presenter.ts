import type { DecisionView } from '@gatehouse/contracts';
import type { Decision } from '../decisions/decision.entity.js';

export const presentDecision = ({ seq, at, runId, kind, data, hash }: Decision): DecisionView => ({
  seq,
  at: at.toISOString(),
  runId: runId ?? null,
  kind,
  data: JSON.parse(data) as Record<string, unknown>,
  hash,
});
