import type { Blocker, CancelledBy, NeededApps, RunError, Usage } from '@gatehouse/contracts';
import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';
import { RunEvent } from './run-event.entity.js';

const own = ownRows('agent_runner');

const schema = defineEntity({
  name: 'Run',
  tableName: 'run',
  ...own,
  // The checkpointer's role reads the lease of its run: the fence is checked before each of its statements.
  policies: own.policies.map((policy) =>
    policy.name === 'own_rows' ? { ...policy, roles: [...(policy.roles ?? []), 'agent_runner_checkpoint'] } : policy,
  ),
  indexes: [
    { name: 'run_queued', properties: ['userId', 'runAt'], where: "state = 'queued'" },
    { name: 'run_leased', properties: ['leaseUntil'], where: "state = 'running'" },
    { name: 'run_due', properties: ['state', 'runAt'], where: "state in ('delayed', 'parked')" },
    { name: 'run_thread', properties: ['finishedAt'], where: 'thread_kept and finished_at is not null' },
    { name: 'run_finished', properties: ['finishedAt'], where: 'finished_at is not null and not thread_kept' },
    { name: 'run_queued_since', properties: ['runAt'], where: "state = 'queued'" },
    {
      name: 'run_conversation',
      properties: ['userId', 'conversationId', 'createdAt'],
      where: "conversation_id is not null and state in ('queued', 'delayed', 'running')",
    },
    {
      name: 'run_said',
      properties: ['userId', 'conversationId', 'finishedAt'],
      where: "conversation_id is not null and state = 'completed'",
    },
    { name: 'run_paused', properties: ['pausedBy'], where: 'paused_by is not null' },
    { name: 'run_listed', properties: ['userId', 'createdAt', 'id'] },
  ],
  properties: {
    id: p.uuid().primary(), // chosen by the asker: a repeated request is the same run
    userId: p.string().length(200),
    state: p.enum(['queued', 'delayed', 'running', 'parked', 'completed', 'failed', 'cancelled']).default('queued'),
    /** queued: since when; delayed: until when; parked: when the gate is asked again. */
    runAt: p.datetime().defaultRaw('now()'),
    owner: p.string().length(100).nullable(),
    leaseUntil: p.datetime().nullable(),
    claimedAt: p.datetime().nullable(),
    /** Raised by every claim. A write with an older one comes from a worker that was taken for dead. */
    fence: p.integer().default(0),
    /** Claims since it last waited for somebody. Three that ended in a crash, or in an error nobody knows, are enough. */
    attempt: p.integer().default(0),
    /** Times it was put off because something it needs did not answer. */
    delays: p.integer().default(0),
    /** Delays end here: a run that could not go on for a day fails. */
    deadlineAt: p.datetime().defaultRaw("(now() + '24:00:00'::interval)"),
    cancelAskedBy: p.string().length(40).$type<CancelledBy>().nullable(),
    /** parked: for what; delayed: `turn`, while another run of its conversation goes first. */
    waitingFor: p.enum(['connection', 'approval', 'turn']).nullable(),
    waitsUntil: p.datetime().nullable(),
    /** The switch of ours that a parked run waits for. */
    pausedBy: p.uuid().nullable(),
    blockers: p.json<Blocker[]>().defaultRaw("'[]'"),
    agent: p.string().length(64),
    input: p.text(),
    apps: p.json<NeededApps>(),
    tools: p.json<string[]>().nullable(),
    conversationId: p.string().length(200).nullable(),
    origin: p.string().length(20),
    requestHash: p.string().length(64),
    /** It has read content from outside, or was not asked for by a signed-in person. Never cleared. */
    tainted: p.boolean().default(false),
    lastEvent: p.integer().default(0),
    output: p.text().nullable(),
    /** The answer as the object that the agent's schema asks for. */
    structured: p.json<Record<string, unknown>>().nullable(),
    error: p.json<RunError>().nullable(),
    toolCalls: p.integer().default(0),
    tokens: p.integer().default(0),
    activeMs: p.integer().default(0),
    createdAt: p.datetime(3).defaultRaw('now()'),
    finishedAt: p.datetime().nullable(),
    /** Whether its checkpoints are still kept. */
    threadKept: p.boolean().default(true),
  },
});

export class Run extends schema.class {
  get usage(): Usage {
    return { toolCalls: this.toolCalls, tokens: this.tokens };
  }

  /** Nobody works on it, so it can end here and now. */
  get cancellable(): boolean {
    return this.state !== 'running' && LIVE.includes(this.state);
  }

  askToCancel(by: CancelledBy): void {
    if (LIVE.includes(this.state)) this.cancelAskedBy ??= by;
  }

  end(
    state: 'completed' | 'failed' | 'cancelled',
    result: { output?: string; structured?: Record<string, unknown> | undefined; error?: RunError } = {},
  ): void {
    this.state = state;
    this.output = result.output ?? null;
    this.structured = result.structured ?? null;
    this.error = result.error ?? null;
    this.finishedAt = new Date();
    this.release();
  }

  park(waitingFor: 'connection' | 'approval', until: Date, blockers: Blocker[], pausedBy?: string): void {
    this.state = 'parked';
    this.waitingFor = waitingFor;
    this.waitsUntil = until;
    this.blockers = blockers;
    this.pausedBy = pausedBy ?? null;
    this.attempt = 0;
    this.delays = 0;
    this.release(false);
  }

  /** A claim that ended because something else did not answer is not counted as an attempt. */
  delay(until: Date, { countAttempt }: { countAttempt: boolean }): void {
    this.state = 'delayed';
    this.runAt = until;
    if (!countAttempt) this.attempt = Math.max(0, this.attempt - 1);
    this.delays += 1;
    this.release();
  }

  /** Another run of its conversation goes first, and wakes it. `until`: should it not. */
  waitForTurn(until: Date): void {
    this.delay(until, { countAttempt: false });
    this.delays -= 1;
    this.deadlineAt = new Date(Date.now() + DAY_MS);
    this.waitingFor = 'turn';
  }

  /** Due now, and for another day. */
  wake(): void {
    this.state = 'queued';
    this.runAt = new Date();
    this.deadlineAt = new Date(Date.now() + DAY_MS);
    this.attempt = 0;
    this.delays = 0;
    this.release();
  }

  /** The next row of its timeline. The run's row must be locked: numbers are given in the order of commits. */
  event(type: string, data: Record<string, unknown> = {}): RunEvent {
    this.lastEvent += 1;
    return Object.assign(new RunEvent(), { runId: this.id, seq: this.lastEvent, userId: this.userId, type, data, at: new Date() });
  }

  private release(wait = true): void {
    this.owner = null;
    this.leaseUntil = null;
    if (!wait) return;
    this.waitingFor = null;
    this.waitsUntil = null;
    this.blockers = [];
    this.pausedBy = null;
  }
}
schema.setClass(Run);

export const LIVE: Run['state'][] = ['queued', 'delayed', 'running', 'parked'];
export const DAY_MS = 24 * 60 * 60 * 1000;
