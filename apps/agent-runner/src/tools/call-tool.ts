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
import { failPoint } from '@gatehouse/messaging';
import { log } from '@gatehouse/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { AskApproval } from '../approvals/ask-approval.js';
import { config } from '../config.js';
import { NotNow, RunFailure } from '../queue/lease.js';
import type { Pause } from '../runs/pause.js';
import type { RunInHand } from '../runs/run-in-hand.js';
import { argsHash } from './args-hash.js';
import { argumentMistakes, isStorable } from './arguments.js';
import { type Intent, Journal, type Outcome, type Refusal, saidNo } from './journal.js';
import { KnownCalls, type KnownRow } from './known-calls.js';
import { decide, NEVER } from './policy.js';
import { type OfferedTool, Toolset } from './toolset.js';

/** What a tool answered at the most, in bytes, before it is cut. */
export const MAX_RESULT_BYTES = 64 * 1024;
/** One more try of a read that got no answer. A write is never tried again. */
const READ_TRIES = 2;
const die = {
  approved: failPoint(config, 'run.approved'),
  started: failPoint(config, 'run.call-started'),
  answered: failPoint(config, 'run.call-answered'),
  stored: failPoint(config, 'run.result-stored'),
};

export interface Call {
  id: string;
  name: string;
  args: Record<string, unknown>;
  /** Why it cannot be made, when the model wrote it so that it cannot be read. */
  wrong?: string;
}

/** What the model is told, or what the run has to wait for first. */
export type Reply = { text: string } | { wait: Wait };
export type Wait =
  | { kind: 'approval' }
  | { kind: 'connection'; app: string }
  | ({ kind: 'paused' } & Pause)
  | { kind: 'later'; why: string; retryAfterMs?: number };

/** owner → policy → journal → Composio → journal. Nothing else calls a tool. */
@Injectable()
export class CallTool {
  constructor(
    private readonly knownCalls: KnownCalls,
    private readonly journal: Journal,
    private readonly askApproval: AskApproval,
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
  ) {}

  async execute(hand: RunInHand, call: Call): Promise<Reply> {
    hand.signal.throwIfAborted();
    const tool = Toolset.of(hand.toolset, hand.userId).get(call.name);
    if (!tool) return this.refuse(hand, call, await this.absence(hand, call));
    if (call.wrong) return this.refuse(hand, call, { code: 'bad_arguments', why: call.wrong, tool });
    // The owner as Composio named it when the account was activated. Where the legacy API is used, this is the only guard.
    if (tool.account.owner !== hand.userId) throw new OwnerMismatch();
    const known = await this.knownCalls.of(hand, call.id, tool.name);
    const args = known.approval?.arguments ?? call.args;
    if (!isStorable(args)) return this.refuse(hand, { ...call, args }, { code: 'bad_arguments', why: UNSTORABLE, tool });
    const hash = argsHash(args);
    const settled = known.row && (await this.settled(hand, known.row, { tool, hash }));
    if (settled) return settled;
    const mistakes = argumentMistakes(tool.definition, args);
    if (mistakes) return this.refuse(hand, { ...call, args }, { code: 'bad_arguments', why: misfit(call.name, mistakes), tool });
    const ruling = decide(tool.class, {
      unattended: hand.agent.unattended.includes(tool.name),
      agentPolicy: hand.agent.policy[tool.name],
      ...known,
    });
    const intent = { callId: call.id, tool, args, argsHash: hash };
    if (ruling.rule === 'refuse') return this.refuse(hand, { ...call, args }, { ...ruling, tool });
    if (ruling.rule === 'run') return this.run(hand, { ...intent, decision: ruling.decision });
    const answer = await this.askApproval.execute(hand, { ...intent, ...ruling }, known.approval);
    if (answer.state === 'waiting') return { wait: { kind: 'approval' } };
    if (answer.state === 'rejected') return { text: saidNo(answer.reason) };
    return this.run(hand, { ...intent, decision: 'approved', approvalId: answer.approvalId });
  }

  /** What the journal already knows of this call, after a crash or a wait. Undefined: it may (again) be made. */
  private async settled(hand: RunInHand, row: KnownRow, now: { tool: OfferedTool; hash: string }): Promise<Reply | undefined> {
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

  private async run(hand: RunInHand, intent: Intent): Promise<Reply> {
    if (intent.approvalId) die.approved();
    const pause = await this.journal.start(hand, intent);
    if (pause) return { wait: { kind: 'paused', ...pause } };
    die.started();
    hand.changed();
    const work = this.callAndWrite(hand, intent);
    hand.inFlight.add(work);
    return work.finally(() => hand.inFlight.delete(work));
  }

  private async callAndWrite(hand: RunInHand, intent: Intent): Promise<Reply> {
    const outcome = await this.send(hand, intent).catch((error: unknown) => error as NotNow);
    if (outcome instanceof NotNow) {
      await this.journal.forget(hand, intent);
      const { why, retryAfterMs } = outcome;
      return { wait: { kind: 'later', why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } };
    }
    if (outcome instanceof Error) throw outcome;
    await this.journal.finish(hand, intent.callId, outcome, { unhurried: intent.tool.class === 'read' });
    die.stored();
    if (outcome.state === 'failed' && outcome.refused) return { wait: { kind: 'connection', app: intent.tool.account.app } };
    return { text: outcome.result };
  }

  /** Throws `NotNow` when it surely was not executed and may be later. */
  private async send(hand: RunInHand, { tool, callId, args }: Intent): Promise<Outcome> {
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
        die.answered();
        if (answer.ok) return { state: 'done', result: fromOutside(tool, answer.data) };
        if (answer.cause === 'credentials') return { state: 'failed', result: refusedText(tool), refused: answer.message };
        return { state: 'failed', result: `${tool.name} failed. ${fromOutside(tool, answer.message)}` };
      } catch (error) {
        if (error instanceof OutcomeUnknown && tool.class === 'read' && tries < READ_TRIES) continue;
        return outcomeOf(error, tool);
      }
    }
  }

  private async absence(hand: RunInHand, { id, name }: Call): Promise<{ code: Refusal['code']; why: string }> {
    const { setting } = await this.knownCalls.of(hand, id, name);
    return setting === 'never' ? NEVER : { code: 'unknown_tool', why: `There is no tool ${name} in this run.` };
  }

  private async refuse(hand: RunInHand, call: Call, reason: { code: Refusal['code']; why: string; tool?: OfferedTool }): Promise<Reply> {
    const args = isStorable(call.args) ? call.args : null;
    await this.journal.refuse(hand, { callId: call.id, name: call.name, args, argsHash: argsHash(call.args), ...reason });
    return { text: reason.why };
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
const UNSTORABLE = 'A text in the arguments holds a zero byte or half a character.';
const misfit = (name: string, mistakes: string): string => `The arguments do not fit ${name}: ${mistakes}`;
const refusedText = (tool: OfferedTool): string => `${tool.name} was not done: the account was refused for its credentials.`;

/** Marked with its source, and cut: whatever a tool returns is data of unknown origin. */
function fromOutside(tool: OfferedTool, data: unknown): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const bytes = Buffer.from(text);
  const cut = bytes.length > MAX_RESULT_BYTES ? `${bytes.subarray(0, MAX_RESULT_BYTES).toString('utf8')}\n[cut]` : text;
  return `From ${tool.account.app}, not verified:\n${cut.replaceAll('\u0000', '').toWellFormed()}`;
}
