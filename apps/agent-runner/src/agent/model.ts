import type { BaseMessage } from '@langchain/core/messages';
import { ChatOpenAICompletions, type ChatOpenAICompletionsCallOptions } from '@langchain/openai';
import { Injectable } from '@nestjs/common';
import { config } from '../config.js';
import type { RunInHand } from '../runs/run-in-hand.js';
import type { Agent } from './agents.js';
import { type Answer, AnswerInPieces } from './answer.js';
import { asOurs } from './model-errors.js';

type Feature = 'stream_options' | 'response_format';

/** Any endpoint that speaks OpenAI's chat completions, streamed. */
@Injectable()
export class Model {
  private readonly clients = new Map<string, ChatOpenAICompletions>();
  /** What the endpoint refused, by agent: asked for once, and then done without. */
  private readonly refused = new Map<string, Set<Feature>>();

  /**
   * One turn; `said` gets the text as it comes. Throws `NotNow` when the model does not answer or breaks off, `RunFailure` when it refuses.
   * Nothing is tried again here: a run that is put off makes room for others.
   */
  async answer(hand: RunInHand, messages: BaseMessage[], said: (text: string) => void): Promise<Answer> {
    const refused = this.refused.get(hand.agent.name) ?? new Set();
    try {
      return await this.stream(hand, messages, said, refused);
    } catch (error) {
      hand.signal.throwIfAborted();
      const feature = featureRefused(error, hand.agent);
      if (!feature || refused.has(feature)) throw asOurs(error);
      this.refused.set(hand.agent.name, new Set([...refused, feature]));
      return this.answer(hand, messages, said);
    }
  }

  private async stream(
    hand: RunInHand,
    messages: BaseMessage[],
    said: (text: string) => void,
    refused: ReadonlySet<Feature>,
  ): Promise<Answer> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), config.MODEL_SILENCE_SECONDS * 1000);
    const options = { ...optionsOf(hand, refused), signal: AbortSignal.any([hand.signal, silence.signal]) };
    const answer = new AnswerInPieces();
    try {
      for await (const chunk of this.clientOf(hand.agent)._streamResponseChunks(messages, options)) {
        timer.refresh();
        const text = answer.add(chunk);
        if (text) said(text);
        if (answer.full) break;
      }
    } finally {
      clearTimeout(timer);
    }
    return answer.whole(() => JSON.stringify([messages.map(({ content }) => content), options.tools]).length);
  }

  private clientOf({ name, model, temperature, maxTokens }: Agent): ChatOpenAICompletions {
    const client =
      this.clients.get(name) ??
      new ChatOpenAICompletions({
        model,
        ...(temperature === undefined ? {} : { temperature }),
        ...(maxTokens === undefined ? {} : { maxTokens }),
        apiKey: config.OPENAI_API_KEY,
        // It would print what it cannot read, and that is what somebody's agent read or said.
        configuration: { baseURL: config.OPENAI_BASE_URL, logLevel: 'off' },
        maxRetries: 0,
      });
    this.clients.set(name, client);
    return client;
  }
}

function optionsOf({ agent, toolset }: RunInHand, refused: ReadonlySet<Feature>): ChatOpenAICompletionsCallOptions {
  const tools = toolset.all.map(({ name, definition: { description, parameters } }) => ({
    type: 'function' as const,
    function: { name, description, parameters: parameters as Record<string, unknown> },
  }));
  const format = agent.output &&
    !refused.has('response_format') && { type: 'json_schema' as const, json_schema: { name: agent.name, schema: agent.output } };
  return {
    ...(tools.length ? { tools } : {}),
    ...(refused.has('stream_options') ? {} : { stream_options: { include_usage: true } }),
    ...(format ? { response_format: format } : {}),
  };
}

/** Not every endpoint counts tokens of a stream, or takes a schema for its answer. */
function featureRefused(error: unknown, { output }: Agent): Feature | undefined {
  const { status, message = '' } = error as { status?: unknown; message?: string };
  if (status !== 400 && status !== 422) return undefined;
  if (message.includes('stream_options')) return 'stream_options';
  return output && /response_format|json_schema/.test(message) ? 'response_format' : undefined;
}
