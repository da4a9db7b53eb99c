import { z } from 'zod';

const content = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]).nullish();
const toolCall = z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) });
const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content,
  tool_calls: z.array(toolCall).nullish(),
  tool_call_id: z.string().nullish(),
});
const tool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({ name: z.string(), description: z.string().nullish(), parameters: z.record(z.string(), z.unknown()).nullish() }),
});

/** What we read of a request; everything else is accepted and ignored. */
export const chatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(message).min(1),
  tools: z.array(tool).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
});
export type ChatRequest = z.infer<typeof chatRequest>;
export type Message = z.infer<typeof message>;
export type OfferedTool = z.infer<typeof tool>['function'];

/** What the model says next: words, or tools to call. */
export interface Turn {
  content: string | null;
  /** `text`: the arguments as a bad model writes them, in place of JSON. */
  toolCalls: { name: string; arguments: Record<string, unknown>; text?: string; id?: string }[];
}

export const textOf = ({ content: given }: Message): string =>
  typeof given === 'string' ? given : (given ?? []).map(({ text = '' }) => text).join('');

/** The request that is being followed: the last message of the user, and all that came after it. */
export function lastRequest(messages: Message[]): { text: string; since: Message[] } {
  const index = messages.findLastIndex((candidate) => candidate.role === 'user');
  const user = messages[index];
  return { text: user ? textOf(user) : '', since: messages.slice(index + 1) };
}
