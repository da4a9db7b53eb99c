import { AgentRunCancelled, AgentRunCompleted, AgentRunFailed, type CancelledBy, type RunError } from '@gatehouse/contracts';
import type { Outbox } from '@gatehouse/messaging';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Structured } from '../agent/output.js';
import { type Settlement, settleApprovals } from '../approvals/settle-approvals.js';
import type { NewDecision } from '../decisions/decisions.js';
import { moveLanes } from '../queue/lanes.js';
import type { Run } from './run.entity.js';
import { passTurns } from './turns.js';

export type RunEnd = { run: Run } & (
  | { state: 'completed'; output: string; structured?: Structured }
  | { state: 'failed'; error: RunError }
  | { state: 'cancelled'; by: CancelledBy }
);

/** Ends these runs, which the caller has locked, and says so. What still waited for an approval is settled with them. */
export async function endRuns(em: EntityManager, outbox: Outbox, ends: readonly RunEnd[]): Promise<void> {
  if (!ends.length) return;
  await moveLanes(
    em,
    ends.map(({ run: { userId, state } }) => ({ userId, ready: state === 'queued' ? -1 : 0, running: state === 'running' ? -1 : 0 })),
  );
  for (const end of ends) tellEnd(em, outbox, end);
  const settlements = ends.map((end): Settlement => ({ runId: end.run.id, state: isExpired(end) ? 'expired' : 'cancelled' }));
  await passTurns(
    em,
    ends.map(({ run }) => run),
  );
  await settleApprovals(em, settlements, ends.flatMap(refusalOf));
}

function tellEnd(em: EntityManager, outbox: Outbox, end: RunEnd): void {
  const { run } = end;
  const about = { runId: run.id, userId: run.userId, usage: run.usage };
  if (end.state === 'completed') {
    const answer = { output: end.output, ...(end.structured ? { structured: end.structured } : {}) };
    run.end('completed', answer);
    em.persist(run.event('run.completed', { ...answer, usage: run.usage }));
    outbox.add(AgentRunCompleted, { ...about, ...answer });
  } else if (end.state === 'failed') {
    run.end('failed', { error: end.error });
    em.persist(run.event('run.failed', { ...end.error, usage: run.usage }));
    outbox.add(AgentRunFailed, { ...about, error: end.error });
  } else {
    run.end('cancelled');
    em.persist(run.event('run.cancelled', { by: end.by, usage: run.usage }));
    outbox.add(AgentRunCancelled, { ...about, by: end.by });
  }
}

/** Ends that say no to something: they are decisions, too. */
const REFUSALS = ['limit_reached', 'owner_mismatch', 'arguments_changed'];

function refusalOf(end: RunEnd): NewDecision[] {
  if (end.state !== 'failed' || !REFUSALS.includes(end.error.code)) return [];
  const { code, message } = end.error;
  return [{ userId: end.run.userId, runId: end.run.id, kind: 'run.refused', data: { code, message } }];
}

const isExpired = (end: RunEnd) => end.state === 'failed' && end.error.code === 'approval_expired';
