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
  paused: 'run.failed.paused',
  too_long: 'run.failed.too-long',
  unknown_agent: 'run.failed.agent',
};
const LIMITS: readonly [RegExp, WordId][] = [
  [/after ([\d,]+) actions that are not allowed/, 'run.failed.limit-refused'],
  [/after ([\d,]+) actions/, 'run.failed.limit-actions'],
  [/after ([\d,]+) tokens/, 'run.failed.limit-tokens'],
  [/after ([\d,]+) turns/, 'run.failed.limit-turns'],
  [/after ([\d,]+) minutes/, 'run.failed.limit-minutes'],
  [/more than ([\d,]+) actions waited/, 'run.failed.limit-waiting'],
  [/([\d,]+) runs a day/, 'run.failed.limit-day'],
];

/** Why a run failed, in our words: by its code, and of a limit by which one it was. */
export function failureWords(error: RunView['error']): { id: WordId; values: Record<string, number> } {
  const { code = '', message = '' } = error ?? {};
  for (const [pattern, id] of code === 'limit_reached' ? LIMITS : []) {
    const number = pattern.exec(message)?.[1];
    if (number) return { id, values: { count: Number(number.replaceAll(',', '')) } };
  }
  return { id: BY_CODE[code] ?? 'run.failed.ours', values: {} };
}
