import type { AIMessage, BaseMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { Injectable } from '@nestjs/common';
import { config } from '../config.js';
import { NotNow, RunFailure } from '../queue/lease.js';
import type { RunInHand } from '../runs/run-in-hand.js';

const TIMEOUT_MS = 120_000;

@Injectable()
export class Model {
  /** One turn. Throws `NotNow` when the model does not answer, `RunFailure` when it refuses. */
  async answer(hand: RunInHand, messages: BaseMessage[]): Promise<AIMessage> {
    const client = new ChatOpenAI({
      model: hand.agent.model,
      apiKey: config.OPENAI_API_KEY,
      configuration: { baseURL: config.OPENAI_BASE_URL },
      maxRetries: 1,
      timeout: TIMEOUT_MS,
    });
    const tools = hand.toolset.all.map(({ name, definition: { description, parameters } }) => ({
      type: 'function' as const,
      function: { name, description, parameters: parameters as Record<string, unknown> },
    }));
    const model = tools.length ? client.bindTools(tools) : client;
    try {
      return await model.invoke(messages, { signal: hand.signal });
    } catch (error) {
      hand.signal.throwIfAborted();
      throw asOurs(error);
    }
  }
}

function asOurs(error: unknown): Error {
  const status = (error as { status?: unknown }).status;
  if (typeof status !== 'number') return new NotNow('the model does not answer');
  if (status === 408 || status === 409 || status === 429 || status >= 500) return new NotNow(`the model answered ${status}`);
  return new RunFailure({ code: 'model_refused', message: 'The model refused this request.' });
}
