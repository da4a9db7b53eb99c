import { ConnectionSuspected } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { inOneTrip, Transactional } from '@gatehouse/persistence';
import { concerns, type OpenSwitch } from '@gatehouse/switches';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Approval } from '../approvals/approval.entity.js';
import { addDecisions, type DecisionKind, type NewDecision, rowsOf } from '../decisions/decisions.js';
import { type Lease, limitReached, lockRun, lost, RunFailure, RunStopped } from '../queue/lease.js';
import { type Pause, pauseFor } from '../runs/pause.js';
import { ToolCall } from './tool-call.entity.js';
import type { OfferedTool } from './toolset.js';

/** Tool calls of one run at the most; and, apart from them, calls that are refused. */
export const MAX_TOOL_CALLS = 25;

export interface Intent {
  callId: string;
  tool: OfferedTool;
  args: Record<string, unknown>;
  argsHash: string;
  decision: 'allowed' | 'approved' | 'unattended';
  approvalId?: string;
}

export type Outcome = { state: 'done' | 'unknown'; result: string } | { state: 'failed'; result: string; refused?: string };

/** A call that does not leave. `tool`: if this run has one of that name. `code` says why for programs, `why` for the model. */
export interface Refusal {
  callId: string;
  name: string;
  tool?: OfferedTool;
  args: Record<string, unknown> | null;
  argsHash: string;
  code: 'unknown_tool' | 'bad_arguments' | 'setting' | 'agent';
  why: string;
}

const KIND: Record<Intent['decision'], DecisionKind> = {
  allowed: 'tool.allowed',
  unattended: 'tool.unattended',
  approved: 'approval.used',
};
const EVENT = { done: 'tool.finished', failed: 'tool.failed', unknown: 'tool.unconfirmed' };

const PAUSED = sql.raw(concerns({ user: 'held.user_id', apps: 'array[held.app]', tools: 'array[held.tool]' }));

/** Written around every call: `started` before it leaves, its outcome after. Each is one statement, which demands the lease. */
@Injectable()
export class Journal {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /** After this the call may leave, and only then; unless an operator has stopped it, which is the answer. */
  async start(lease: Lease, intent: Intent): Promise<Pause | undefined> {
    const found = await this.writeStart(lease, intent);
    if (!found) throw lost(lease);
    if (found.stopped) throw new RunStopped();
    const [paused, ...more] = found.switches;
    if (paused) return pauseFor([paused, ...more], [intent.tool.account.app], intent.tool);
    if (found.toolCalls >= MAX_TOOL_CALLS) throw limitReached(`Stopped after ${MAX_TOOL_CALLS} actions, the limit for one run.`);
    if (!found.started) throw new RunFailure({ code: 'approval_expired', message: 'The approval for this action was no longer good.' });
    return undefined;
  }

  /**
   * `held` locks the run: who cancels it, takes it over or starts another of its calls waits, and what they did is seen. `able` asks what
   * forbids the call now. `go` is empty unless the approval, where one is needed, was used up in this very statement. All that is written
   * comes from `go`.
   */
  private async writeStart(lease: Lease, intent: Intent) {
    const { runId, userId, fence } = lease;
    const { callId, tool, argsHash, decision, approvalId } = intent;
    const about = { toolCallId: callId, tool: tool.name, app: tool.account.app, accountId: tool.account.id };
    const log = { ...about, class: tool.class, connectionId: tool.connectionId, argsHash, ...(approvalId && { approvalId }) };
    const started = sql<{ stopped: boolean; switches: OpenSwitch[]; toolCalls: number; started: boolean }>`
      with held as materialized (
        select id, user_id, last_event, tool_calls, cancel_asked_by, ${about.app}::text as app, ${tool.name}::text as tool from run
        where id = ${runId} and user_id = ${userId} and fence = ${fence} and state = 'running' and lease_until > now() for update
      ), paused as materialized (select s.* from switch s, held where ${PAUSED}
      ), able as (
        select * from held where cancel_asked_by is null and tool_calls < ${MAX_TOOL_CALLS} and not exists (select from paused)
      ), used as (${approvalUsed(userId, intent)}
      ), go as (select * from able where ${approvalId === undefined} or exists (select from used)
      ), counted as (update run set tool_calls = run.tool_calls + 1, last_event = run.last_event + 1 from go where run.id = go.id
      ), written as (${rowStarted(fence, intent)}
      ), told as (
        insert into run_event (run_id, seq, user_id, type, data, at)
        select id, last_event + 1, user_id, 'tool.started', ${JSON.stringify({ ...about, decision })}::jsonb, clock_timestamp() from go
      ), logged as (
        insert into decision (user_id, run_id, kind, data) select user_id, id, ${KIND[decision]}, ${JSON.stringify(log)} from go
        union all select user_id, id, 'tool.refused', ${JSON.stringify({ ...log, code: 'paused' })} from held where exists (select from paused)
      )
      select cancel_asked_by is not null as stopped, tool_calls as "toolCalls", exists (select from go) as started,
        array(select to_jsonb(paused) from paused) as switches
      from held`;
    return (await inOneTrip(this.em, started))[0];
  }

  /** Whatever a tool answered came from outside: the run is tainted from here on. `unhurried`: losing it would only repeat the call. */
  async finish(lease: Lease, callId: string, outcome: Outcome, { unhurried = false } = {}): Promise<void> {
    if (outcome.state === 'failed' && outcome.refused !== undefined) return this.finishRefused(lease, callId, outcome);
    const [ended] = await inOneTrip(this.em, this.end(lease, callId, outcome), { unhurried });
    if (!ended) throw lost(lease);
  }

  /** The account was refused: the auditor is told to look at it. */
  @Transactional()
  private async finishRefused(lease: Lease, callId: string, outcome: Extract<Outcome, { state: 'failed' }>): Promise<void> {
    const { rows } = await this.end(lease, callId, outcome).execute(this.em.getKysely());
    if (!rows[0]) throw lost(lease);
    this.outbox.add(ConnectionSuspected, { ...rows[0], userId: lease.userId, evidence: (outcome.refused ?? '').slice(0, 500) });
  }

  private end({ runId, userId, fence }: Lease, callId: string, outcome: Outcome) {
    const refused = outcome.state === 'failed' && outcome.refused !== undefined;
    return sql<{ connectionId: string; accountId: string; epoch: number }>`
      with held as materialized (
        select id, last_event from run where id = ${runId} and user_id = ${userId} and fence = ${fence} and state = 'running' for update
      ), ended as (
        update tool_call c set state = ${outcome.state}, result = ${outcome.result}, ended_at = now(), credentials_refused = ${refused}
        from held where c.run_id = held.id and c.user_id = ${userId} and c.tool_call_id = ${callId} returning c.*,
          jsonb_build_object('toolCallId', c.tool_call_id, 'tool', c.tool, 'app', c.app, 'accountId', c.account_id) as about
      ), moved as (update run set tainted = true, last_event = run.last_event + 1 from ended where run.id = ended.run_id
      ), told as (
        insert into run_event (run_id, seq, user_id, type, data, at)
        select run_id, last_event + 1, user_id, ${EVENT[outcome.state]}, about, clock_timestamp() from ended, held
      ), logged as (
        insert into decision (user_id, run_id, kind, data) select user_id, run_id, ${`tool.${outcome.state}`}, about::text from ended
      )
      select connection_id as "connectionId", account_id as "accountId", epoch from ended`;
  }

  /** It surely never left: as if it had not been tried. Its approval, if it had one, is good again. */
  @Transactional()
  async forget(lease: Lease, { callId, approvalId, tool }: Intent): Promise<void> {
    const run = await lockRun(this.em, lease);
    run.toolCalls -= 1;
    await this.em.nativeDelete(ToolCall, { runId: run.id, userId: run.userId, toolCallId: callId });
    if (approvalId) await this.em.nativeUpdate(Approval, { id: approvalId, userId: run.userId, state: 'used' }, { state: 'approved' });
    const data = { toolCallId: callId, tool: tool.name, ...(approvalId && { approvalId }) };
    await addDecisions(this.em, [{ userId: run.userId, runId: run.id, kind: 'tool.forgotten', data }]);
  }

  /** A call that does not leave has a row, too; said again, for the same call, it changes nothing. */
  async refuse(lease: Lease, refusal: Refusal): Promise<void> {
    const found = await this.writeRefusal(lease, refusal);
    if (!found) throw lost(lease);
    if (found.before < MAX_TOOL_CALLS) return;
    throw limitReached(`Stopped after ${MAX_TOOL_CALLS} actions that are not allowed, the limit for one run.`);
  }

  private async writeRefusal(lease: Lease, { callId, tool, code, why, ...given }: Refusal) {
    const { runId, userId, fence } = lease;
    const name =
      given.name
        .toUpperCase()
        .replaceAll(/[^A-Z0-9_]/g, '_')
        .slice(0, 128) || 'UNKNOWN';
    const about = { toolCallId: callId, tool: name, ...(tool && { app: tool.account.app, accountId: tool.account.id }), why };
    const log: NewDecision = {
      userId,
      runId,
      kind: 'tool.refused',
      data: { toolCallId: callId, tool: name, code, argsHash: given.argsHash },
    };
    const refused = sql<{ before: number }>`
      with held as materialized (
        select id, user_id, last_event from run where id = ${runId} and user_id = ${userId} and fence = ${fence} and state = 'running' for update
      ), fresh as (
        insert into tool_call (run_id, tool_call_id, user_id, tool, app, connection_id, account_id, epoch, class, decision, args_hash,
          arguments, state, result, fence, ended_at)
        select id, ${callId}, user_id, ${name}, ${tool?.account.app ?? null}, ${tool?.connectionId ?? null}::uuid, ${tool?.account.id ?? null}, ${tool?.epoch ?? null}::int,
          ${tool?.class ?? null}, 'refused', ${given.argsHash}, ${given.args && JSON.stringify(given.args)}::jsonb, 'refused', ${why}, ${fence}::int, now() from held
        on conflict (run_id, tool_call_id) do nothing returning run_id
      ), moved as (update run set last_event = run.last_event + 1 from fresh where run.id = fresh.run_id
      ), told as (
        insert into run_event (run_id, seq, user_id, type, data, at)
        select id, last_event + 1, user_id, 'tool.refused', ${JSON.stringify(about)}::jsonb, clock_timestamp() from held join fresh on run_id = id
      ), logged as (insert into decision (user_id, run_id, kind, data) select d.* from (${rowsOf([log])}) d, fresh)
      select (select count(*)::int from tool_call c where c.run_id = held.id and c.state = 'refused') as before from held`;
    return (await inOneTrip(this.em, refused))[0];
  }

  /** Its user said no: among the calls as one that was refused. For a run that the caller has locked. */
  async rejected(fence: number, { runId, toolCallId, userId, tool, app, connectionId, accountId, ...asked }: Approval): Promise<void> {
    await sql`
      insert into tool_call (run_id, tool_call_id, user_id, tool, app, connection_id, account_id, class, decision, args_hash, arguments, state,
        result, fence, ended_at)
      values (${runId}, ${toolCallId}, ${userId}, ${tool}, ${app}, ${connectionId}, ${accountId}, ${asked.class}, 'rejected', ${asked.argsHash},
        ${JSON.stringify(asked.arguments)}::jsonb, 'refused', ${saidNo(asked.reason ?? null)}, ${fence}, now())
      on conflict (run_id, tool_call_id) do nothing
    `.execute(this.em.getKysely());
  }
}

/** In words for the model. */
export const saidNo = (reason: string | null): string => `The user said no to this action${reason ? `: ${reason}` : '.'}`;

/** Of the run in `able`: bound to run, user, call, tool, arguments and account; once, and in time. */
const approvalUsed = (userId: string, { approvalId, callId, tool, argsHash }: Intent) => sql`
        update approval set state = 'used' where id = ${approvalId ?? null}::uuid and run_id = (select id from able) and user_id = ${userId}
          and tool_call_id = ${callId} and tool = ${tool.name} and args_hash = ${argsHash} and account_id = ${tool.account.id}
          and state = 'approved' and expires_at > now() returning id`;

/** Of the run in `go`. A row that is there is of a read, or of an account that was refused: it may be tried again. */
const rowStarted = (fence: number, { callId, tool: { account, ...tool }, args, argsHash, decision }: Intent) => sql`
        insert into tool_call (run_id, tool_call_id, user_id, tool, app, connection_id, account_id, epoch, class, decision, args_hash,
          arguments, state, fence)
        select id, ${callId}, user_id, ${tool.name}, ${account.app}, ${tool.connectionId}::uuid, ${account.id}, ${tool.epoch}::int,
          ${tool.class}, ${decision}, ${argsHash}, ${JSON.stringify(args)}::jsonb, 'started', ${fence}::int from go
        on conflict (run_id, tool_call_id) do update set connection_id = excluded.connection_id, account_id = excluded.account_id,
          epoch = excluded.epoch, class = excluded.class, decision = excluded.decision, arguments = excluded.arguments, state = 'started',
          credentials_refused = false, result = null, fence = excluded.fence, started_at = excluded.started_at, ended_at = null`;
