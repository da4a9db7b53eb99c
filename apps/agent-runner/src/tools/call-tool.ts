import {
  COMPOSIO,
  type ComposioPort,
  CredentialsRefused,
  entityId,
  InvalidRequest,
  Misconfigured,
  NotFound,
  OutcomeUnknown,
  OwnerMismatch,
  RateLimited,
  Unavailable,
} from '@gatehouse/composio';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { AskApproval } from '../approvals/ask-approval.js';
import { NotNow, RunFailure } from '../queue/lease.js';
import { Run } from '../runs/run.entity.js';
import type { RunInHand } from '../runs/run-in-hand.js';
import { argsHash } from './args-hash.js';
import { argumentMistakes, isStorable } from './arguments.js';
import { type Intent, Journal, type Outcome } from './journal.js';
import { decide } from './policy.js';
import type { ToolCall } from './tool-call.entity.js';
import { type OfferedTool, Toolset } from './toolset.js';

/** What a tool answered at the most, in bytes, before it is cut. */
export const MAX_RESULT_BYTES = 64 * 1024;
/** One more try of a read that got no answer. A write is never tried again. */
const READ_TRIES = 2;

export interface Call {
  id: string;
  name: string;
  args: Record<string, unknown>;
}

/** What the model is told, or what the run has to wait for first. */
export type Reply = { text: string } | { wait: Wait };
export type Wait = { kind: 'approval' } | { kind: 'connection'; app: string } | { kind: 'later'; why: string; retryAfterMs?: number };

/** owner → policy → journal → Composio → journal. Nothing else calls a tool. */
@Injectable()
export class CallTool {
  constructor(
    private readonly em: EntityManager,
    private readonly journal: Journal,
    private readonly askApproval: AskApproval,
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
  ) {}

  async execute(hand: RunInHand, call: Call): Promise<Reply> {
    hand.signal.throwIfAborted();
    const tool = Toolset.of(hand.toolset, hand.userId).get(call.name);
    if (!tool) return this.refuse(hand, call, `There is no tool ${call.name} in this run.`);
    // The owner as Composio named it when the account was activated. Where the legacy API is used, this is the only guard.
    if (tool.account.owner !== hand.userId) throw new OwnerMismatch();
    const approval = await this.askApproval.of(hand, call.id);
    const args = approval?.arguments ?? call.args;
    if (!isStorable(args)) return this.refuse(hand, call, 'A text in the arguments holds a zero byte or half a character.');
    const hash = argsHash(args);
    const known = await this.journal.find(hand, call.id);
    if (known) {
      const settled = await this.settled(hand, known, { tool, hash });
      if (settled) return settled;
    }
    const mistakes = argumentMistakes(tool.definition, args);
    if (mistakes) return this.refuse(hand, call, `The arguments do not fit ${call.name}: ${mistakes}`);
    const ruling = decide(tool.class, await this.circumstances(hand, tool));
    if (!ruling.ask) return this.run(hand, { callId: call.id, tool, argsHash: hash, decision: ruling.decision }, args);
    const answer = await this.askApproval.execute(hand, { callId: call.id, tool, args, why: ruling.why });
    if (answer.state === 'waiting') return { wait: { kind: 'approval' } };
    if (answer.state === 'rejected') return { text: `The user said no to this action${answer.reason ? `: ${answer.reason}` : '.'}` };
    return this.run(hand, { callId: call.id, tool, argsHash: hash, decision: 'approved', approvalId: answer.approvalId }, args);
  }

  /** What the journal already knows of this call, after a crash or a wait. Undefined: it may (again) be made. */
  private async settled(hand: RunInHand, row: ToolCall, now: { tool: OfferedTool; hash: string }): Promise<Reply | undefined> {
    if (row.argsHash !== now.hash)
      throw new RunFailure({ code: 'arguments_changed', message: 'An action of this run was not what it was before.' });
    if (row.state === 'started') {
      if (row.class === 'read') return undefined;
      const text = unconfirmedText(now.tool);
      await this.journal.finish(hand, row.toolCallId, { state: 'unknown', result: text });
      return { text };
    }
    const reconnected = row.accountId !== now.tool.account.id || row.epoch !== now.tool.epoch;
    if (row.credentialsRefused && reconnected) return undefined;
    return { text: row.result ?? '' };
  }

  private async circumstances(hand: RunInHand, tool: OfferedTool) {
    const run = await this.em.findOneOrFail(Run, { id: hand.runId, userId: hand.userId }, { fields: ['tainted'], refresh: true });
    return {
      unattended: hand.agent.unattended.includes(tool.name),
      tainted: run.tainted,
      unconfirmed: await this.journal.unconfirmed(hand),
    };
  }

  private async run(hand: RunInHand, intent: Intent, args: Record<string, unknown>): Promise<Reply> {
    await this.journal.start(hand, intent);
    const work = this.callAndWrite(hand, intent, args);
    hand.inFlight.add(work);
    return work.finally(() => hand.inFlight.delete(work));
  }

  private async callAndWrite(hand: RunInHand, intent: Intent, args: Record<string, unknown>): Promise<Reply> {
    const outcome = await this.send(hand, intent, args).catch((error: unknown) => error as NotNow);
    if (outcome instanceof NotNow) {
      await this.journal.forget(hand, intent);
      const { why, retryAfterMs } = outcome;
      return { wait: { kind: 'later', why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } };
    }
    if (outcome instanceof Error) throw outcome;
    await this.journal.finish(hand, intent.callId, outcome);
    if (outcome.state === 'failed' && outcome.refused) return { wait: { kind: 'connection', app: intent.tool.account.app } };
    return { text: outcome.result };
  }

  /** Throws `NotNow` when it surely was not executed and may be later. */
  private async send(hand: RunInHand, { tool, callId }: Intent, args: Record<string, unknown>): Promise<Outcome> {
    const request = {
      owner: entityId(hand.userId),
      account: tool.account,
      tool: tool.name,
      version: tool.definition.version,
      arguments: args,
      callId: `${hand.runId}:${callId}`,
    };
    for (let tries = 1; ; tries++) {
      try {
        const answer = await this.composio.executeTool(request, { budget: 'runs' });
        if (answer.ok) return { state: 'done', result: fromOutside(tool, answer.data) };
        if (answer.cause === 'credentials') return { state: 'failed', result: refusedText(tool), refused: answer.message };
        return { state: 'failed', result: `${tool.name} failed. ${fromOutside(tool, answer.message)}` };
      } catch (error) {
        if (error instanceof OutcomeUnknown && tool.class === 'read' && tries < READ_TRIES) continue;
        return outcomeOf(error, tool);
      }
    }
  }

  private async refuse(hand: RunInHand, call: Call, why: string): Promise<Reply> {
    await this.journal.refuse(hand, call.id, call.name, why);
    return { text: why };
  }
}

function outcomeOf(error: unknown, tool: OfferedTool): Outcome {
  if (error instanceof OutcomeUnknown) {
    return tool.class === 'read'
      ? { state: 'failed', result: `${tool.name} did not answer.` }
      : { state: 'unknown', result: unconfirmedText(tool) };
  }
  if (error instanceof RateLimited) throw new NotNow('Composio asks us to wait', error.retryAfterMs);
  if (error instanceof Unavailable) throw new NotNow('Composio does not answer');
  if (error instanceof Misconfigured) {
    log('tools').error({ err: error }, 'Composio refuses our configuration: an operator has to look');
    throw new NotNow('Composio refuses our configuration', 60_000);
  }
  if (error instanceof CredentialsRefused || (error instanceof NotFound && error.what === 'account')) {
    return { state: 'failed', result: refusedText(tool), refused: error.message };
  }
  if (error instanceof InvalidRequest) return { state: 'failed', result: `${tool.name} was rejected: ${error.details}` };
  if (error instanceof NotFound) return { state: 'failed', result: `${tool.name} is no longer there.` };
  throw error;
}

const unconfirmedText = (tool: OfferedTool): string =>
  `It is not known whether ${tool.name} happened: there was no answer. It was not repeated, and must not be repeated without asking. Tell the user to look before trying again.`;
const refusedText = (tool: OfferedTool): string => `${tool.name} was not done: the account was refused for its credentials.`;

/** Marked with its source, and cut: whatever a tool returns is data of unknown origin. */
function fromOutside(tool: OfferedTool, data: unknown): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const bytes = Buffer.from(text);
  const cut = bytes.length > MAX_RESULT_BYTES ? `${bytes.subarray(0, MAX_RESULT_BYTES).toString('utf8')}\n[cut]` : text;
  return `From ${tool.account.app}, not verified:\n${cut.replaceAll('\u0000', '').toWellFormed()}`;
}
