import { z } from 'zod';
import { type Answer, judge, parse, type Question, said } from './calls/answers.js';
import type { Removal } from './port.js';

const revoked = z.object({ revoked_tokens: z.array(z.string()) });
const REVOKE: Question = { kind: 'write', api: 'v3', missing: 'account' };

/** `failed`: not now and not so; deleting with a revocation in the background is what is left. */
export function readRevoke(answer: Answer): Pick<Removal, 'revoke' | 'revokedTokens'> {
  const none = (revoke: Removal['revoke']) => ({ revoke, revokedTokens: [] });
  if (answer.status === 400) return none('not-supported');
  if (answer.status === 409 || answer.status === 500) return none('failed');
  if (answer.status === 404 && said(answer).envelope) return none('failed');
  judge(answer, REVOKE);
  const { revoked_tokens } = parse(revoked, answer, REVOKE);
  return { revoke: revoked_tokens.length > 0 ? 'revoked' : 'already-revoked', revokedTokens: revoked_tokens };
}
