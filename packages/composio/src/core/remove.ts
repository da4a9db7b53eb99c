import { judge, parse, type Question, said } from '../calls/answers.js';
import type { Turn } from '../calls/calls.js';
import { NotFound } from '../errors.js';
import type { AccountId, EntityId, Removal } from '../port.js';
import { readRevoke } from '../revoke.js';
import { readAccount } from './accounts.js';
import { answerOf, options } from './client.js';
import type { CoreReader } from './reader.js';
import { deleted } from './shapes.js';

const REMOVE: Question = { kind: 'write', api: 'v3', missing: 'account' };

/** Proves the owner, revokes, then deletes. Whatever fails without an answer is thrown: every step may be repeated. */
export async function remove(reader: CoreReader, r: { id: AccountId; owner: EntityId; revoke: boolean }, turn: Turn): Promise<Removal> {
  try {
    await readAccount(reader, r.id, r.owner, turn);
  } catch (error) {
    // Gone already: whether an earlier try revoked it is not known any more, and nothing better than "failed" may be said.
    if (error instanceof NotFound)
      return { revoke: r.revoke ? 'failed' : 'not-asked', revokedTokens: [], revokeJobId: null, remove: 'already-gone' };
    throw error;
  }
  const revoked = r.revoke ? await revoke(reader, r.id, turn) : { revoke: 'not-asked' as const, revokedTokens: [] };
  const later = revoked.revoke === 'failed';
  const answer = await reader.calls.once(turn, REMOVE, (how) =>
    answerOf(reader.client.connectedAccounts.delete(r.id, later ? { revoke_on_delete: true } : {}, options(how))),
  );
  if (isGone(answer)) return { ...revoked, revokeJobId: null, remove: 'already-gone' };
  judge(answer, REMOVE);
  const jobId = parse(deleted, answer, REMOVE).revoke_job_id ?? null;
  return { ...revoked, revoke: later && jobId ? 'queued' : revoked.revoke, revokeJobId: later ? jobId : null, remove: 'deleted' };
}

async function revoke(reader: CoreReader, id: AccountId, turn: Turn): Promise<Pick<Removal, 'revoke' | 'revokedTokens'>> {
  const path = `/api/v3.1/connected_accounts/${id}/revoke`;
  return readRevoke(await reader.calls.once(turn, REMOVE, (how) => answerOf(reader.client.post(path, { body: {}, ...options(how) }))));
}

function isGone(answer: Parameters<typeof said>[0]): boolean {
  return answer.status === 404 && said(answer).envelope;
}
