import type { OfferedTool } from './chat.js';
import type { Clause } from './clauses.js';

export interface Filled {
  arguments: Record<string, unknown>;
  /** Required parameters that the request says nothing about. */
  missing: string[];
  /** Facts of the request that found, or did not find, a parameter. */
  used: number;
  unused: number;
}

interface Property {
  type?: string;
  enum?: unknown[];
  default?: unknown;
}
type Fact = 'channel' | 'email' | 'repository' | 'number' | 'id' | 'quote';

/** Puts the facts of a clause where the tool's schema has a parameter for them. Nothing is made up. */
export function fillArguments(tool: OfferedTool, clause: Clause): Filled {
  const schema = (tool.parameters ?? {}) as { properties?: Record<string, Property>; required?: string[] };
  const taken: Record<string, unknown> = {};
  const used = new Set<Fact>();
  const free = [...clause.quotes.free];
  for (const [name, property] of inReadingOrder(schema.properties ?? {})) {
    const found = valueFor(name, property, clause, free);
    if (found === undefined) continue;
    taken[name] = property.type === 'array' ? [found.value] : found.value;
    if (found.fact) used.add(found.fact);
  }
  const facts = factsOf(clause);
  return {
    arguments: taken,
    missing: (schema.required ?? []).filter((name) => taken[name] === undefined && schema.properties?.[name]?.default === undefined),
    used: facts.filter((fact) => used.has(fact)).length,
    unused: facts.filter((fact) => !used.has(fact)).length,
  };
}

/** Titles take the first quoted text, so they come before bodies. */
const inReadingOrder = (properties: Record<string, Property>): [string, Property][] =>
  Object.entries(properties).sort(([one], [other]) => Number(BODY.test(one)) - Number(BODY.test(other)));

const BODY = /^(text|body|message|content|markdown|markdown_text|message_body|comment)$/;
const RECIPIENT = /^(recipient_email|recipient|to|email|to_email)$/;
const AMOUNT = /^(limit|max_results|per_page|page_size|count)$/;
const ID = /^(ts|message_id|page_id|thread_id|block_id)$/;
const QUERY = /^(query|search_query|search)$/;

function valueFor(name: string, property: Property, clause: Clause, free: string[]): { value: unknown; fact?: Fact } | undefined {
  const { quotes } = clause;
  if (property.enum) return some(property.enum.find((value) => isSaid(clause, String(value))));
  if (name === 'channel' || name === 'channels') return some(clause.channels[0], 'channel');
  if (RECIPIENT.test(name)) return some(clause.emails[0], 'email');
  if (name === 'owner' || name === 'repo') return some(clause.repository?.[name], 'repository');
  if (name === 'issue_number' || name === 'number') return some(clause.number, 'number');
  if (AMOUNT.test(name)) return some(clause.count);
  if (ID.test(name)) return some(clause.ids[0], 'id');
  if (name === 'subject') return some(quotes.subject, 'quote');
  if (name === 'title') return some(quotes.title ?? quotes.subject ?? free.shift(), 'quote');
  if (QUERY.test(name)) return some(quotes.query ?? quotes.title ?? free.shift(), 'quote');
  if (BODY.test(name)) return some(quotes.body ?? free.shift(), 'quote');
  return undefined;
}

const some = (value: unknown, fact?: Fact) => (value === undefined || value === null ? undefined : { value, ...(fact ? { fact } : {}) });

/** "close issue 3" says `closed`. */
const isSaid = ({ words }: Clause, value: string): boolean =>
  words.has(value) || [...words].some((word) => word.length > 3 && `${word}d` === value);

function factsOf(clause: Clause): Fact[] {
  const { quotes } = clause;
  const quoted = quotes.free.length > 0 || [quotes.subject, quotes.title, quotes.body, quotes.query].some((text) => text !== undefined);
  const facts: [Fact, boolean][] = [
    ['channel', clause.channels.length > 0],
    ['email', clause.emails.length > 0],
    ['repository', clause.repository !== null],
    ['number', clause.number !== null],
    ['id', clause.ids.length > 0],
    ['quote', quoted],
  ];
  return facts.filter(([, there]) => there).map(([fact]) => fact);
}
