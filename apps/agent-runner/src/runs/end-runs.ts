import { AgentRunCancelled, AgentRunCompleted, AgentRunFailed, type CancelledBy, type RunError } from '@gatehouse/contracts';
import type { Outbox } from '@gatehouse/messaging';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Approval } from '../approvals/approval.entity.js';
import { moveLanes } from '../queue/lanes.js';
import type { Run } from './run.entity.js';

export type RunEnd = { run: Run } & (
  | { state: 'completed'; output: string }
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
  await settleApprovals(em, ends);
}

function tellEnd(em: EntityManager, outbox: Outbox, end: RunEnd): void {
  const { run } = end;
  const about = { runId: run.id, userId: run.userId, usage: run.usage };
  if (end.state === 'completed') {
    run.end('completed', { output: end.output });
    em.persist(run.event('run.completed', { output: end.output }));
    outbox.add(AgentRunCompleted, { ...about, output: end.output });
  } else if (end.state === 'failed') {
    run.end('failed', { error: end.error });
    em.persist(run.event('run.failed', { ...end.error }));
    outbox.add(AgentRunFailed, { ...about, error: end.error });
  } else {
    run.end('cancelled');
    em.persist(run.event('run.cancelled', { by: end.by }));
    outbox.add(AgentRunCancelled, { ...about, by: end.by });
  }
}

async function settleApprovals(em: EntityManager, ends: readonly RunEnd[]): Promise<void> {
  const expired = ends.filter((end) => end.state === 'failed' && end.error.code === 'approval_expired').map(({ run }) => run.id);
  const open = { state: { $in: ['waiting', 'approved'] as Approval['state'][] } };
  if (expired.length) await em.nativeUpdate(Approval, { ...open, runId: { $in: expired } }, { state: 'expired' });
  await em.nativeUpdate(Approval, { ...open, runId: { $in: ends.map(({ run }) => run.id) } }, { state: 'cancelled' });
}
