export type Deed = 'send' | 'create' | 'update' | 'delete' | 'read';

const VERBS: Record<Deed, string> = {
  send: 'send post say tell message mail email e-mail notify publish reply answer write',
  create: 'create open file make add raise draft comment invite write',
  update: 'update change edit rename close',
  delete: 'delete remove archive trash erase',
  read: 'list show read fetch get find search look check what which who whose summarise summarize give',
};
const DEEDS = Object.entries(VERBS) as [Deed, string][];
const ANY_VERB = Object.values(VERBS).join(' ').replaceAll(' ', '|');
const POLITE = '(?:(?:please|kindly|now|finally|also|can you|could you|i want you to)\\s+)*';
const BETWEEN_CLAUSES = new RegExp(
  `(?:[;.!?\\n]+\\s*|\\s*,?\\s*\\b(?:and then|and also|after that|afterwards|then|and|also)\\b,?\\s+|\\s*,\\s+)(?=${POLITE}(?:${ANY_VERB})\\b)`,
  'i',
);
const FIRST_VERB = new RegExp(`\\b(${ANY_VERB})\\b`, 'i');

/** What words stand for: a person says "mail" where a tool says "email". */
const MEANT: Record<string, string> = {
  mail: 'email',
  'e-mail': 'email',
  inbox: 'email',
  repo: 'repository',
  ticket: 'issue',
  bug: 'issue',
  note: 'page',
  document: 'page',
  doc: 'page',
  dm: 'message',
  post: 'message',
  say: 'message',
  tell: 'message',
  close: 'issue',
};

/** One thing that is asked for, and the facts named with it. */
export interface Clause {
  text: string;
  deeds: Deed[];
  words: Set<string>;
  /** Quoted texts by what was said before them; `free` ones had nothing. */
  quotes: { free: string[]; subject?: string; title?: string; body?: string; query?: string };
  emails: string[];
  channels: string[];
  repository: { owner: string; repo: string } | null;
  number: number | null;
  count: number | null;
  ids: string[];
}

/** Takes a plain request apart. Quoted text is never looked into: what is to be posted is not a command. */
export function clausesOf(request: string): Clause[] {
  const quoted: string[] = [];
  const masked = request.replace(/"([^"]*)"|“([^”]*)”|‘([^’]*)’|(?<=^|[\s(:])'(.*?)'(?=$|[\s).,;:!?])/gs, (_, ...groups: unknown[]) => {
    const text = groups.slice(0, 4).find((group) => typeof group === 'string');
    return `«${quoted.push(String(text ?? '')) - 1}»`;
  });
  return masked
    .split(BETWEEN_CLAUSES)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => clauseOf(part, quoted))
    .flatMap(oneEach);
}

export const singular = (word: string): string => (word.length > 3 ? word.replace(/(?<![su])s$/, '') : word);

function clauseOf(masked: string, quoted: string[]): Clause {
  const emails = masked.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? [];
  const rest = masked.replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, ' ');
  const repository = /(?:github\.com\/)?\b([\w.-]+)\/([\w.-]*\w)/.exec(rest.replace('github.com/', ''));
  const verb = FIRST_VERB.exec(rest)?.[1]?.toLowerCase() ?? '';
  const words = rest.toLowerCase().match(/[a-z][a-z-]*/g) ?? [];
  const named = [...rest.matchAll(/\b(?:the\s+)?([\w-]+)\s+channel\b/gi)]
    .map(([, name]) => name ?? '')
    .filter((name) => !/^(a|the|slack|which)$/i.test(name));
  return {
    text: unmask(masked, quoted),
    deeds: DEEDS.filter(([, verbs]) => verbs.split(' ').includes(verb)).map(([deed]) => deed),
    words: new Set(words.map(singular).flatMap((word) => [word, MEANT[word] ?? word])),
    quotes: quotesOf(masked, rest, quoted),
    emails,
    channels: [...(rest.match(/#[a-z][\w-]*|\bC[0-9A-Z]{7,}\b/gi) ?? []), ...named.map((name) => `#${name.replace('#', '')}`)].filter(
      isFirst,
    ),
    repository: repository?.[1] && repository[2] ? { owner: repository[1], repo: repository[2] } : null,
    number: numberAfter(rest, /(?:#|\bissue\s+|\bnumber\s+)(\d+)\b/i),
    count:
      numberAfter(rest, /\b(?:last|first|newest|latest|top)\s+(\d+)\b/i) ?? numberAfter(rest, /\b(\d+)\s+(?:last|first|newest|latest)\b/i),
    ids: rest.match(/\b\d{9,}\.\d+\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b[mt]-canary-\w+\b/gi) ?? [],
  };
}

function quotesOf(masked: string, rest: string, quoted: string[]): Clause['quotes'] {
  const quotes: Clause['quotes'] = { free: [] };
  for (const [, before = '', index] of masked.matchAll(/([^«»]*)«(\d+)»/g)) {
    const text = quoted[Number(index)] ?? '';
    const label = labelOf(before);
    if (label && quotes[label] === undefined) quotes[label] = text;
    else quotes.free.push(text);
  }
  const bare = bareText(rest);
  if (bare && quotes.free.length === 0 && quotes.body === undefined) quotes.body = bare;
  return quotes;
}

function labelOf(before: string): 'subject' | 'title' | 'body' | 'query' | null {
  if (/\b(?:subject|about|re)(?:\s+line)?\s*(?:is|:|of)?\s*$/i.test(before)) return 'subject';
  if (/\b(?:titled?|called|named)\s*(?:is|:)?\s*$/i.test(before)) return 'title';
  if (/\b(?:saying|says?|body|text|content|message|words)\s*(?:is|:|of)?\s*$/i.test(before)) return 'body';
  return /\b(?:for|matching|query)\s*:?\s*$/i.test(before) ? 'query' : null;
}

/** Text without quotes: "saying hello there", "post hello to #general". */
function bareText(rest: string): string | null {
  const said = /\b(?:saying|that says)\s+(?!«)(.+?)(?:\s+(?:on|in|to|via)\s+(?:#[\w-]+|slack|gmail|github|notion))*[.!]?$/is.exec(
    rest,
  )?.[1];
  const posted = /^\W*(?:please\s+)?(?:post|say|write|send)\s+(?!«|an?\s|the\s|to\s)(.+?)\s+(?:to|in|on)\s+#/is.exec(rest)?.[1];
  const text = said ?? posted ?? null;
  return text?.includes('«') ? null : text;
}

/** Several channels or several people are several deeds. */
function oneEach(clause: Clause): Clause[] {
  const channels = clause.channels.length > 1 ? clause.channels.map((channel) => [channel]) : [clause.channels];
  const emails = clause.emails.length > 1 ? clause.emails.map((email) => [email]) : [clause.emails];
  return channels.flatMap((channel) => emails.map((email) => ({ ...clause, channels: channel, emails: email })));
}

const unmask = (masked: string, quoted: string[]): string => masked.replace(/«(\d+)»/g, (_, index) => `'${quoted[Number(index)] ?? ''}'`);
const numberAfter = (text: string, pattern: RegExp): number | null => Number(pattern.exec(text)?.[1] ?? Number.NaN) || null;
const isFirst = (value: string, index: number, all: string[]): boolean => all.indexOf(value) === index;
