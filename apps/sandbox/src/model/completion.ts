import { randomUUID } from 'node:crypto';
import type { ChatRequest, Turn } from './chat.js';

interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

const CHARACTERS_PER_TOKEN = 4;

/** Roughly, as no real tokenizer is at hand: four characters are a token. */
export function countTokens(request: ChatRequest, turn: Turn): Usage {
  const tokens = (value: unknown) => Math.ceil(JSON.stringify(value ?? '').length / CHARACTERS_PER_TOKEN);
  const prompt_tokens = tokens(request.messages) + (request.tools ? tokens(request.tools) : 0);
  const completion_tokens = tokens(turn.content ?? '') + (turn.toolCalls.length > 0 ? tokens(turn.toolCalls) : 0);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

export function completion(request: ChatRequest, turn: Turn, usage: Usage): object {
  return {
    ...head(request, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: turn.content,
          refusal: null,
          ...(turn.toolCalls.length > 0 ? { tool_calls: calls(turn) } : {}),
        },
        logprobs: null,
        finish_reason: finishOf(turn),
      },
    ],
    usage,
  };
}

/** Word by word, and arguments in two pieces, so that a client that joins them wrongly is noticed. */
export function* streamed(request: ChatRequest, turn: Turn, usage: Usage): Generator<object> {
  const shared = head(request, 'chat.completion.chunk');
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    ...shared,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    ...(request.stream_options?.include_usage ? { usage: null } : {}),
  });
  yield chunk({ role: 'assistant', content: turn.content === null ? null : '' });
  for (const word of turn.content?.match(/\s*\S+\s*$|\s*\S+/g) ?? []) yield chunk({ content: word });
  for (const [index, call] of calls(turn).entries()) {
    const { name, arguments: given } = call.function;
    const half = Math.ceil(given.length / 2);
    yield chunk({ tool_calls: [{ index, id: call.id, type: 'function', function: { name, arguments: '' } }] });
    yield chunk({ tool_calls: [{ index, function: { arguments: given.slice(0, half) } }] });
    yield chunk({ tool_calls: [{ index, function: { arguments: given.slice(half) } }] });
  }
  yield chunk({}, finishOf(turn));
  if (request.stream_options?.include_usage) yield { ...shared, choices: [], usage };
}

const head = ({ model }: ChatRequest, object: string) => ({
  id: `chatcmpl-${randomUUID()}`,
  object,
  created: Math.floor(Date.now() / 1000),
  model,
  system_fingerprint: 'sandbox',
});

const calls = ({ toolCalls }: Turn) =>
  toolCalls.map(({ name, arguments: given, text = JSON.stringify(given), id = `call_${randomUUID().replaceAll('-', '')}` }) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: text },
  }));

const finishOf = ({ toolCalls }: Turn): string => (toolCalls.length > 0 ? 'tool_calls' : 'stop');
