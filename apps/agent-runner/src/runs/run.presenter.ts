import type { RunView } from '@gatehouse/contracts';
import type { Run } from './run.entity.js';

/** `approvalId`: the oldest of its approvals that wait, where it waits for one. */
export function presentRun(run: Run, approvalId: string | null = null): RunView {
  const { id, state, agent, input, waitingFor, waitsUntil, blockers, usage } = run;
  return {
    id,
    state,
    agent,
    input,
    apps: run.apps,
    conversationId: run.conversationId ?? null,
    waitingFor:
      waitingFor && waitingFor !== 'turn' && waitsUntil
        ? { kind: waitingFor, until: waitsUntil.toISOString(), blockers, approvalId }
        : null,
    output: run.output ?? null,
    structured: run.structured ?? null,
    error: run.error ?? null,
    usage,
    createdAt: run.createdAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}
