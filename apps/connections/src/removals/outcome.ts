import type { Removal } from '@gatehouse/composio';
import type { removalOutcome } from '@gatehouse/contracts';
import type { z } from 'zod';

export type Outcome = z.output<typeof removalOutcome>;

/** What a person is told who disconnected: that access is cancelled only where the provider said so. Pure. */
export function outcomeOf({ revoke, remove }: Pick<Removal, 'revoke' | 'remove'>): Outcome {
  if (revoke === 'revoked' || revoke === 'already-revoked') return 'revoked';
  if (revoke === 'not-supported') return 'not_supported';
  if (remove === 'already-gone') return 'already_gone';
  return revoke === 'failed' ? 'needs_attention' : 'not_active';
}
