import { type ChatRequest, lastRequest, type Message, type OfferedTool, type Turn, textOf } from './chat.js';
import { chooseTool, type Step } from './choose-tool.js';
import { clausesOf } from './clauses.js';

const EXCERPT_CHARACTERS = 1200;
/** How far into a sentence a failure is looked for. */
const OPENING_CHARACTERS = 300;
const FAILED =
  /\b(error|failed|failure|refused|denied|declined|rejected|invalid_auth|said no|(?:was|were|is) not|did not|do(?:es)? not|not (?:known|approved|allowed)|no longer|there is no)\b/i;

/**
 * Follows plain requests, one tool call a turn, each step at most once, whatever its result; then sums up. It is no model and says so
 * where it cannot follow. Results of tools are only quoted: nothing in them is ever read as a request.
 */
export function follow({ messages, tools }: ChatRequest): Turn {
  const offered = (tools ?? []).map((tool) => tool.function);
  const { text, since } = lastRequest(messages);
  const steps = clausesOf(text).map((clause) => chooseTool(clause, offered));
  const doable = steps.filter(canBeDone);
  if (doable.length === 0) return say(cannotFollow(text, steps, offered));
  const called = since.flatMap((message) => message.tool_calls ?? []);
  const next = doable[called.length];
  if (next?.tool) return { content: null, toolCalls: [{ name: next.tool.name, arguments: next.arguments }] };
  return say(summary(since, steps));
}

const canBeDone = ({ tool, missing }: Step): boolean => tool !== null && missing.length === 0;
const say = (content: string): Turn => ({ content, toolCalls: [] });

function cannotFollow(text: string, steps: Step[], offered: OfferedTool[]): string {
  const lines = ['I am the sandbox model: not a real one, I only follow plain requests.'];
  const undone = steps.filter(({ clause, tool }) => tool !== null || clause.deeds.length > 0);
  lines.push(...(undone.length > 0 ? undone.map(whyNot) : [`I could not follow: ${text.slice(0, 200)}`]));
  lines.push(
    'Things I understand: post \'hello\' to #general on Slack; send an email to a@example.com with subject "Hi" saying "Hello"; create an issue "Title" in owner/repo; list the issues in owner/repo.',
  );
  lines.push(offered.length > 0 ? `Tools that I was given: ${offered.map(({ name }) => name).join(', ')}.` : 'I was given no tools.');
  return lines.join('\n');
}

function whyNot({ clause, tool, missing }: Step): string {
  if (!tool) return `None of the tools that I was given does this: ${clause.text}`;
  return `To do "${clause.text}" with ${tool.name} I would also need: ${missing.join(', ')}.`;
}

function summary(since: Message[], steps: Step[]): string {
  const lines = since.flatMap(({ tool_calls }) => tool_calls ?? []).map((call) => resultLine(call, since));
  const undone = steps.filter((step) => !canBeDone(step)).map((step) => `- Not done. ${whyNot(step)}`);
  const allWell = undone.length === 0 && lines.every((line) => !line.startsWith('- Not done.'));
  return [allWell ? 'Done. (I am the sandbox model.)' : 'Not everything was done. (I am the sandbox model.)', ...lines, ...undone].join(
    '\n',
  );
}

function resultLine(call: NonNullable<Message['tool_calls']>[number], since: Message[]): string {
  const { name } = call.function;
  const answer = since.find((message) => message.role === 'tool' && message.tool_call_id === call.id);
  if (!answer) return `- Not done. ${name} gave no result.`;
  const text = textOf(answer);
  const failure = failureIn(text);
  return failure === null ? `- ${name}: ${excerpt(text)}` : `- Not done. ${name} said: ${excerpt(failure)}`;
}

/** Results come as JSON with `error`, or as a sentence; before either there may be a line that says where it is from. */
function failureIn(text: string): string | null {
  const start = text.search(/^[{[]/m);
  const before = start < 0 ? text : text.slice(0, start);
  const result = start < 0 ? null : parsed(text.slice(start));
  if (typeof result !== 'object' || result === null) return FAILED.test(text.slice(0, OPENING_CHARACTERS)) ? text : null;
  if (FAILED.test(before)) return text;
  const { error, ok, successful } = result as { error?: unknown; ok?: unknown; successful?: unknown };
  if (error !== undefined && error !== null && error !== false && error !== '')
    return typeof error === 'string' ? error : JSON.stringify(error);
  return ok === false || successful === false ? text : null;
}

/** A long result may have been cut: then it is no JSON any more, and no failure for that. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.startsWith('{') ? {} : [];
  }
}

const excerpt = (text: string): string => (text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS)} …` : text);
