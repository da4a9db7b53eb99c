import type { WordId } from '../../words/index.js';

const WORDS: Readonly<Record<string, WordId>> = {
  'tool.allowed': 'privacy.log.allowed',
  'tool.unattended': 'privacy.log.unattended',
  'tool.asked': 'privacy.log.asked',
  'tool.refused': 'privacy.log.refused',
  'tool.done': 'privacy.log.done',
  'tool.failed': 'privacy.log.failed',
  'tool.unknown': 'privacy.log.unknown',
  'tool.forgotten': 'privacy.log.forgotten',
  'tool.confirmed': 'privacy.log.confirmed',
  'approval.approved': 'privacy.log.approved',
  'approval.edited': 'privacy.log.edited',
  'approval.rejected': 'privacy.log.rejected',
  'approval.expired': 'privacy.log.expired',
  'approval.used': 'privacy.log.used',
  'approval.withdrawn': 'privacy.log.withdrawn',
  'setting.changed': 'privacy.log.setting',
  'run.refused': 'privacy.log.run-refused',
};

/** What a row of the log says; one of a later version has its technical name beside it. */
export const decisionWord = (kind: string): WordId => WORDS[kind] ?? 'privacy.log.other';
