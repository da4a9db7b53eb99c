import type { WordId } from '../words/index.js';

export type Arguments = Readonly<Record<string, unknown>>;

/** What a person looks at first, in this order. The rest follows as it came. */
const KNOWN: ReadonlyMap<string, WordId> = new Map<string, WordId>([
  ['to', 'field.to'],
  ['recipient_email', 'field.to'],
  ['recipient', 'field.to'],
  ['recipients', 'field.to'],
  ['extra_recipients', 'field.more-to'],
  ['cc', 'field.cc'],
  ['bcc', 'field.bcc'],
  ['attendees', 'field.people'],
  ['users', 'field.people'],
  ['assignees', 'field.people'],
  ['channel', 'field.channel'],
  ['owner', 'field.owner'],
  ['repo', 'field.repository'],
  ['subject', 'field.subject'],
  ['title', 'field.title'],
  ['name', 'field.name'],
  ['body', 'field.text'],
  ['message_body', 'field.text'],
  ['text', 'field.text'],
  ['markdown_text', 'field.text'],
  ['message', 'field.text'],
  ['content', 'field.text'],
  ['comment', 'field.text'],
]);
const RANK = new Map([...KNOWN.keys()].map((key, index) => [key, index]));
const RECIPIENTS = ['to', 'recipient_email', 'recipient', 'recipients', 'extra_recipients', 'cc', 'bcc', 'attendees', 'users'];
const LONGEST_LABEL = 60;

/** The known ones first. */
export function ordered(args: Arguments): [string, unknown][] {
  const rank = (key: string) => RANK.get(key.toLowerCase()) ?? KNOWN.size;
  return Object.entries(args).sort(([one], [other]) => rank(one) - rank(other));
}

export const knownLabel = (key: string): WordId | undefined => KNOWN.get(key.toLowerCase());

/** `due_on` → `Due on`: a name from elsewhere, so it is cut, too. */
export function plainLabel(key: string): string {
  const words = key
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .slice(0, LONGEST_LABEL);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** How many people a call reaches, as far as its arguments tell. */
export function recipientsOf(args: Arguments): number {
  const found = Object.entries(args).filter(([key]) => RECIPIENTS.includes(key.toLowerCase()));
  return found.map(([, value]) => peopleIn(value)).reduce((sum, some) => sum + some, 0);
}

function peopleIn(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'string' ? value.split(/[,;]/).filter((one) => one.trim()).length : 0;
}

/** How many things a call touches: the longest list in it, or the one that it names. */
export function touchedBy(args: Arguments): number {
  return Math.max(1, ...Object.values(args).map((value) => (Array.isArray(value) ? value.length : 1)));
}

export const isList = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

/** What a form can hold; anything else is shown, and sent as it is. */
export const isEditable = (value: unknown): value is string | number | boolean | string[] =>
  ['string', 'number', 'boolean'].includes(typeof value) || isList(value);

export const sameValue = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
