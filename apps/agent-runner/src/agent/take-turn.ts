import { type BaseMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import { Injectable } from '@nestjs/common';
import { LiveRuns } from '../live/live-runs.js';
import { limitReached, RunFailure } from '../queue/lease.js';
import { RecordTurn } from '../runs/record-turn.js';
import type { RunInHand } from '../runs/run-in-hand.js';
import type { Answer } from './answer.js';
import { callsOf, messageOf } from './calls.js';
import { Model } from './model.js';
import { readOutput } from './output.js';
import { systemPrompt } from './prompts.js';

/** Calls that the model may ask for in one run; those that were refused count, too. Above the limit of calls that are made. */
const MAX_ASKED = 40;
/** A model that neither calls nor ends, such as one whose answers never fit. */
const MAX_TURNS = 60;
/** Times that an answer which does not fit its schema is given back. */
const MAX_CORRECTIONS = 2;
/** Times that a model which says nothing is asked. */
const SILENT_TRIES = 2;

/** One turn of the model: asked, listened to, written down. */
@Injectable()
export class TakeTurn {
  constructor(
    private readonly model: Model,
    private readonly recordTurn: RecordTurn,
    private readonly live: LiveRuns,
  ) {}

  async begin(hand: RunInHand): Promise<void> {
    await this.recordTurn.begin(hand);
    this.live.more(hand);
  }

  /** What it adds to the conversation: the answer and, where that does not do, what is wrong with it. */
  async execute(hand: RunInHand, messages: BaseMessage[]): Promise<BaseMessage[]> {
    const turns = messages.filter((message) => message.type === 'ai');
    if (turns.length >= MAX_TURNS) throw limitReached(`Stopped after ${MAX_TURNS} turns of the model, the limit for one run.`);
    const turn = turns.length + 1;
    const answer = await this.listen(hand, messages, turn);
    const message = messageOf(answer, messages, turn);
    const calls = callsOf(message);
    const correction = calls.length ? undefined : correctionOf(hand, answer);
    const final = !calls.length && !correction;
    const over = await this.recordTurn.after(hand, { ...answer, turn, final });
    this.live.more(hand);
    if (over && !final) throw over; // an answer that ends the run is still its answer
    if (turns.flatMap(callsOf).length + calls.length > MAX_ASKED) {
      throw limitReached(
        `Stopped: the agent asked for more than ${MAX_ASKED} actions, the limit for one run. Not all of them could be done.`,
      );
    }
    if (!correction) return [message];
    if (messages.filter(isCorrection).length >= MAX_CORRECTIONS) {
      throw new RunFailure({ code: 'output_invalid', message: 'Stopped: the answer did not have the form that this agent has to give.' });
    }
    return [message, correction];
  }

  private async listen(hand: RunInHand, messages: BaseMessage[], turn: number): Promise<Answer> {
    let tokens = 0;
    for (let tries = 1; ; tries++) {
      const answer = await this.listenOnce(hand, messages, turn);
      tokens += answer.tokens;
      if (answer.text.trim() || answer.calls.length) return { ...answer, tokens };
      if (tries < SILENT_TRIES) continue;
      await this.recordTurn.after(hand, { ...answer, tokens, turn, final: false });
      throw new RunFailure({ code: 'model_silent', message: 'Stopped: the model gave no answer.' });
    }
  }

  private async listenOnce(hand: RunInHand, messages: BaseMessage[], turn: number): Promise<Answer> {
    const speech = this.live.speech(hand, turn);
    try {
      return await this.model.answer(hand, [new SystemMessage(systemPrompt(hand)), ...messages], (text) => this.live.say(speech, text));
    } finally {
      this.live.silence(speech);
    }
  }
}

function correctionOf({ agent }: RunInHand, { text }: Answer): HumanMessage | undefined {
  const read = agent.output && readOutput(text, agent.output);
  if (!read || 'structured' in read) return undefined;
  const content = `Your answer cannot be used: ${read.mistakes}. Answer again, with nothing but the JSON object that was asked for.`;
  return new HumanMessage({ content, additional_kwargs: { correction: true } });
}

const isCorrection = ({ additional_kwargs }: BaseMessage): boolean => additional_kwargs.correction === true;
