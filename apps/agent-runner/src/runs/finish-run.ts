import { AgentRunCompleted, type RunError } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Structured } from '../agent/output.js';
import { type Lease, lockRun } from '../queue/lease.js';
import { endRuns } from './end-runs.js';

/** How a run that a worker holds ends. `by` of a cancelled one is who asked for it. */
export type Ending = { activeMs: number } & (
  | { state: 'completed'; output: string; structured?: Structured }
  | { state: 'failed'; error: RunError }
  | { state: 'cancelled' }
  | { state: 'user_deleted' }
);

@Injectable()
export class FinishRun {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  @Transactional()
  async execute(lease: Lease, ending: Ending): Promise<void> {
    if (ending.state === 'completed' && (await this.complete(lease, ending))) return;
    const run = await lockRun(this.em, lease);
    run.activeMs += ending.activeMs;
    if (ending.state === 'completed') await endRuns(this.em, this.outbox, [{ ...ending, run }]);
    else if (ending.state === 'failed') await endRuns(this.em, this.outbox, [{ run, state: 'failed', error: ending.error }]);
    else {
      const by = ending.state === 'user_deleted' ? 'user.deleted' : (run.cancelAskedBy ?? 'operator');
      await endRuns(this.em, this.outbox, [{ run, state: 'cancelled', by }]);
    }
  }

  /** Nearly every run ends so: in one statement, if nothing of it waits for an approval and it is in no conversation. */
  private async complete(lease: Lease, { output, structured, activeMs }: Ending & { state: 'completed' }): Promise<boolean> {
    const { runId, userId, fence } = lease;
    const answer = { output, ...(structured && { structured }) };
    const { rows } = await sql<{ toolCalls: number; tokens: number }>`
      with ended as (
        update run set state = 'completed', output = ${output}, structured = ${structured ? JSON.stringify(structured) : null}::jsonb,
          finished_at = now(), active_ms = active_ms + ${activeMs}, last_event = last_event + 1, owner = null, lease_until = null,
          waiting_for = null, waits_until = null, blockers = '[]'
        where id = ${runId} and user_id = ${userId} and fence = ${fence} and state = 'running' and conversation_id is null
          and not exists (select from approval a where a.run_id = run.id and a.state in ('waiting', 'approved'))
        returning id, user_id, last_event, tool_calls, tokens
      ), told as (
        insert into run_event (run_id, seq, user_id, type, data, at)
        select id, last_event, user_id, 'run.completed', ${JSON.stringify(answer)}::jsonb || jsonb_build_object('usage',
          jsonb_build_object('toolCalls', tool_calls, 'tokens', tokens)), clock_timestamp() from ended
      ), moved as (update user_lane set running = running - 1 where user_id = (select user_id from ended))
      select tool_calls as "toolCalls", tokens from ended
    `.execute(this.em.getKysely());
    const [usage] = rows;
    if (usage) this.outbox.add(AgentRunCompleted, { runId, userId, usage, ...answer });
    return usage !== undefined;
  }
}
