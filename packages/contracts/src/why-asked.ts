/** Why a person is asked, by its reason: what `why` of an approval says. Pages that speak another language look it up here. */
export const WHY_ASKED = {
  unconfirmed: 'It is not known whether an earlier action of this run happened.',
  destructive: 'This cannot be undone.',
  tainted: 'Your agent read content from outside in this run.',
  setting: 'You chose to be asked before this.',
  agent: 'This agent always asks before this.',
  write: 'This changes something for others to see.',
} as const;
export type WhyAsked = keyof typeof WHY_ASKED;
