import type { RunView } from '@gatehouse/contracts';
import type { WordId } from '../words/index.js';

const BY_CODE: Readonly<Record<string, WordId>> = {
  approval_expired: 'run.failed.approval',
  arguments_changed: 'run.failed.changed',
  connection_required: 'run.failed.connection',
  gate_refused: 'run.failed.refused',
  gave_up: 'run.failed.gave-up',
  limit_reached: 'run.failed.limit',
  model_refused: 'run.failed.model',
  model_silent: 'run.failed.model-silent',
  output_invalid: 'run.failed.output',
  owner_mismatch: 'run.failed.safety',
  too_long: 'run.failed.too-long',
  unknown_agent: 'run.failed.agent',
};
const LIMITS: Readonly<Record<string, WordId>> = {
  actions: 'run.failed.limit-actions',
  tokens: 'run.failed.limit-tokens',
  minutes: 'run.failed.limit-minutes',
};

/** Why a run failed, in our words: by its code, and of a limit by which one it was. */
export function failureWords(error: RunView['error']): { id: WordId; values: Record<string, number> } {
  const [, number, what = ''] = /after ([\d,.]+) (actions|tokens|minutes)/.exec(error?.message ?? '') ?? [];
  const limit = error?.code === 'limit_reached' && number ? LIMITS[what] : undefined;
  if (limit) return { id: limit, values: { count: Number(number?.replaceAll(/\D/g, '')) } };
  return { id: BY_CODE[error?.code ?? ''] ?? 'run.failed.ours', values: {} };
}
