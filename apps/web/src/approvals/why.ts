import { WHY_ASKED, type WhyAsked } from '@gatehouse/contracts';
import type { WordId } from '../words/index.js';

const WORDS: Readonly<Record<WhyAsked, WordId>> = {
  unconfirmed: 'approval.why.unconfirmed',
  destructive: 'approval.why.destructive',
  tainted: 'approval.why.tainted',
  setting: 'approval.why.setting',
  agent: 'approval.why.agent',
  write: 'approval.why.write',
};

/** The person's words for why they are asked; undefined for a reason that this page does not know. */
export function whyWord(why: string): WordId | undefined {
  const [reason] = Object.entries(WHY_ASKED).find(([, sentence]) => sentence === why) ?? [];
  return reason === undefined ? undefined : WORDS[reason as WhyAsked];
}
