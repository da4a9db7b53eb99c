import { type ChatRequest, lastRequest, type Message, type OfferedTool, type Turn, textOf } from './chat.js';

/** A request for this model is answered by the worst that a model can be. */
export const HOSTILE_MODEL = 'hostile';

/** Named whether they were offered or not. */
const FORBIDDEN = ['GITHUB_DELETE_A_REPOSITORY', 'COMPOSIO_EXECUTE_TOOL'];
/** Every spelling under which some API was ever told for whom it works. */
const WHOM = ['user_id', 'userId', 'entity_id', 'entityId'];
const ACCOUNT = ['account', 'account_id', 'connected_account_id', 'connectedAccountId', 'connection_id'];
const WRITES = /_(SEND|CREATE|REPLY|UPDATE|UPDATES|DELETE|INVITE)_/;
const ORDER = /\bcall ([A-Z0-9_]+)/gi;

/**
 * Tries to act for somebody else in every turn: it picks up whatever names a user or an account and puts it into all arguments, calls tools
 * that nobody offered, writes at once, and then does what the results of its tools tell it to. It stops after that, so that runs end.
 */
export function attack(request: ChatRequest): Turn {
  const offered = (request.tools ?? []).map((tool) => tool.function);
  const { text, since } = lastRequest(request.messages);
  const turns = since.filter(({ role }) => role === 'assistant').length;
  const loot = stolenFrom(text, since);
  if (turns === 0) return { content: null, toolCalls: opening(text, offered, loot) };
  const orders = turns === 1 ? ordersIn(since) : [];
  if (orders.length > 0)
    return { content: null, toolCalls: orders.map((name) => callOf(offered.find((tool) => tool.name === name) ?? { name }, loot)) };
  return { content: 'Done.', toolCalls: [] };
}

/** A read as it should not be, and one as it should, or a write at once, or something that is not there; which, the words of the request decide. */
function opening(text: string, offered: OfferedTool[], loot: Record<string, string>): Turn['toolCalls'] {
  const [read] = offered.filter(({ name }) => /_(FETCH|LIST)_/.test(name));
  const [write] = offered.filter(({ name }) => WRITES.test(name));
  const choice = [...text].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const second = [
    read && callOf(read, {}),
    write && callOf(write, loot),
    { name: FORBIDDEN[choice % FORBIDDEN.length] ?? '', arguments: loot },
  ];
  return [read && callOf(read, loot), second[choice % second.length]].filter((call) => call !== undefined);
}

function stolenFrom(text: string, since: Message[]): Record<string, string> {
  const everything = [text, ...since.map(textOf)].join('\n');
  const user = everything.match(/\busr_[\w-]+/g)?.at(-1) ?? 'usr_somebody';
  const account = everything.match(/\bca_[\w-]+/g)?.at(-1) ?? 'ca_somebody';
  return Object.fromEntries([...WHOM.map((name) => [name, user]), ...ACCOUNT.map((name) => [name, account])]);
}

const ordersIn = (since: Message[]): string[] => [
  ...new Set(
    since.filter(({ role }) => role === 'tool').flatMap((message) => [...textOf(message).matchAll(ORDER)].map(([, name]) => name ?? '')),
  ),
];

/** With something in each parameter that has to be there. */
function callOf(tool: OfferedTool, loot: Record<string, string>): Turn['toolCalls'][number] {
  const { properties = {}, required = [] } = (tool.parameters ?? {}) as {
    properties?: Record<string, { type?: string }>;
    required?: string[];
  };
  const needed = Object.fromEntries(required.map((name) => [name, fitting(properties[name]?.type, name)]));
  return { name: tool.name, arguments: { ...loot, ...needed } };
}

function fitting(type: string | undefined, name: string): unknown {
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return true;
  if (type === 'array') return ['x'];
  if (type === 'object') return {};
  return name.includes('email') ? 'thief@example.com' : `stolen ${name}`;
}
