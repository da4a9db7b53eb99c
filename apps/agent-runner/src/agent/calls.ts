import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import { isStorable } from '../tools/arguments.js';
import type { Call } from '../tools/call-tool.js';
import { type Answer, clean, type RawCall } from './answer.js';

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const NAME = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * The model's message as the run keeps it. Its id is ours: LangGraph takes a message with a known id for a new version of the old one, and some
 * endpoints give all their answers the same. So are ids of calls that are missing, malformed, or were used before in this run: the
 * journal knows a call by its id, and would answer the new one with the old one's result.
 */
export function messageOf(answer: Answer, before: readonly BaseMessage[], turn: number): AIMessage {
  const used = new Set(before.flatMap((message) => (AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [])).map(({ id }) => id));
  const calls = answer.calls.map((raw, index) => {
    const id = freshId(raw.id, `call_${turn}_${index + 1}`, used);
    used.add(id);
    return { id, name: NAME.test(raw.name) ? raw.name : 'unknown', ...read(raw) };
  });
  return new AIMessage({
    content: answer.text,
    tool_calls: calls.map(({ id, name, args }) => ({ id, name, args, type: 'tool_call' as const })),
    invalid_tool_calls: calls.flatMap(({ id, name, wrong }) =>
      wrong ? [{ id, name, error: wrong, type: 'invalid_tool_call' as const }] : [],
    ),
  });
}

/** The calls of a message, with what is wrong with those that cannot be made. */
export function callsOf(message: BaseMessage | undefined): Call[] {
  if (!AIMessage.isInstance(message)) return [];
  const wrong = new Map(message.invalid_tool_calls?.map(({ id, error }) => [id, error]));
  return (message.tool_calls ?? []).map(({ id = '', name, args }) => {
    const why = wrong.get(id);
    return why ? { id, name, args, wrong: why } : { id, name, args };
  });
}

function freshId(given: string, ours: string, used: ReadonlySet<string | undefined>): string {
  let id = ID.test(given) ? given : ours;
  for (let tries = 1; used.has(id); tries++) id = tries === 1 ? ours : `${ours}_${tries}`;
  return id;
}

/** Strictly: half a JSON object is no object. */
function read({ name, args }: RawCall): { args: Record<string, unknown>; wrong?: string } {
  const value = args.trim() ? parsed(args) : {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { args: {}, wrong: `The arguments of ${clean(name)} are not a JSON object.` };
  }
  if (!isStorable(value)) return { args: {}, wrong: 'A text in the arguments holds a zero byte or half a character.' };
  return { args: value as Record<string, unknown> };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
