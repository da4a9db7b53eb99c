import type { RunError } from '@gatehouse/contracts';
import { LockMode, raw } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Run } from '../runs/run.entity.js';

/** Claims of one run that may end in a crash before it is given up. */
export const MAX_ATTEMPTS = 3;

/** A run that this process holds. Every write for it carries the fence. */
export interface Lease {
  readonly runId: string;
  readonly userId: string;
  readonly fence: number;
}

/** Another worker has, or may have, the run: whatever was in hand here is dropped. */
export class LeaseLost extends Error {}

/** Somebody asked to cancel the run. */
export class RunStopped extends Error {}

/** This process stops: the run goes back into the queue. */
export class HandedBack extends Error {}

/** The run ends as failed, for a reason that the user reads. */
export class RunFailure extends Error {
  constructor(readonly error: RunError) {
    super(error.code);
  }
}

/** Something that the run needs does not answer now. It is put off, not failed. */
export class NotNow extends Error {
  constructor(
    readonly why: string,
    readonly retryAfterMs?: number,
  ) {
    super(why);
  }
}

/** Another run of its conversation goes first. */
export class NotItsTurn extends Error {}

export const limitReached = (message: string): RunFailure => new RunFailure({ code: 'limit_reached', message });

/** The run, locked, if it is still ours. `live`: the lease must also not be over, by the database's clock. */
export async function lockRun(em: EntityManager, lease: Lease, { live = false } = {}): Promise<Run> {
  const run = await em.findOne(
    Run,
    {
      id: lease.runId,
      userId: lease.userId,
      fence: lease.fence,
      state: 'running',
      ...(live ? { leaseUntil: { $gt: raw('now()') } } : {}),
    },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  if (!run) throw lost(lease);
  return run;
}

export const lost = ({ runId, fence }: Lease): LeaseLost => new LeaseLost(`run ${runId} is no longer held with fence ${fence}`);
