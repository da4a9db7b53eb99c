import { hostname, userInfo } from 'node:os';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { validate as isUuid } from 'uuid';
import type { Operator } from '../operator/acts.js';
import type { Selection } from '../operator/letter.js';
import { Usage } from './usage.js';

type Option = NonNullable<ParseArgsConfig['options']>[string];

export interface OptionHelp {
  readonly config: Option;
  readonly value?: string;
  readonly says: string;
}

/** All options there are; a command names those that it takes. */
export const OPTIONS = {
  consumer: {
    config: { type: 'string' },
    value: 'service',
    says: 'identity, connections, agent-runner, auditor or notifier; lists and show take all that can be reached',
  },
  id: { config: { type: 'string', multiple: true }, value: 'uuid', says: 'the event, or the report, with this id; of events several' },
  reason: { config: { type: 'string' }, value: 'text', says: 'code, class or fingerprint of the failure, or a piece of its reason' },
  since: {
    config: { type: 'string' },
    value: 'when',
    says: '30m, 12h, 7d ago, or 2026-01-31, 2026-01-31T09:00:00Z (UTC if no zone is given)',
  },
  all: { config: { type: 'boolean' }, says: 'everything there is, when neither --id, --reason nor --since is given' },
  limit: { config: { type: 'string' }, value: 'n', says: 'at most so many, 1 to 10000; a list has 50 otherwise, anything else 1000' },
  note: { config: { type: 'string' }, value: 'text', says: 'why you do it; kept with the record of who did what' },
  by: { config: { type: 'string' }, value: 'name', says: 'who you are; else GATEHOUSE_OPERATOR, else user@machine' },
  'dry-run': { config: { type: 'boolean' }, says: 'say what would be done, and do nothing' },
  fix: {
    config: { type: 'boolean' },
    says: 'repair what is safe: a direct read decides, the blast-radius guard holds; no account is removed',
  },
  user: { config: { type: 'string' }, value: 'id', says: 'this user only' },
  scope: { config: { type: 'string' }, value: 'what', says: 'everything, app, user or tool' },
  target: { config: { type: 'string' }, value: 'name', says: 'which app (slack), user (their id) or tool (SLACK_SEND_MESSAGE)' },
  raw: { config: { type: 'boolean' }, says: 'the body alone, byte for byte' },
  json: { config: { type: 'boolean' }, says: 'one JSON object on stdout' },
  help: { config: { type: 'boolean', short: 'h' }, says: 'this' },
} as const satisfies Record<string, OptionHelp>;
export type OptionName = keyof typeof OPTIONS;

/** What was typed, checked. */
export interface Wish {
  readonly consumer: string | undefined;
  readonly selection: Selection;
  /** Something says which events are meant. */
  readonly selects: boolean;
  readonly all: boolean;
  readonly limit: number | undefined;
  readonly operator: Operator;
  readonly dryRun: boolean;
  readonly fix: boolean;
  readonly user: string | undefined;
  readonly scope: string | undefined;
  readonly target: string | undefined;
  readonly raw: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

export function parse(args: readonly string[], names: readonly OptionName[], env: Readonly<Record<string, string | undefined>>): Wish {
  const values = read(args, names);
  const text = (name: OptionName) => (typeof values[name] === 'string' ? values[name] : undefined);
  const ids = values.id === undefined ? undefined : (values.id as string[]).map(eventId);
  const reason = text('reason');
  if (reason === '') throw new Usage('--reason is empty.');
  const since = text('since');
  const user = text('user');
  if (user === '') throw new Usage('--user is empty.');
  const selection = { ids, reason, since: since === undefined ? undefined : moment(since) };
  return {
    consumer: text('consumer'),
    selection,
    selects: ids !== undefined || reason !== undefined || since !== undefined,
    all: values.all === true,
    limit: text('limit') === undefined ? undefined : limit(text('limit') ?? ''),
    operator: { by: (text('by') || env.GATEHOUSE_OPERATOR || whoever()).slice(0, 200), note: text('note')?.slice(0, 1000) },
    dryRun: values['dry-run'] === true,
    fix: values.fix === true,
    user,
    scope: text('scope'),
    target: text('target'),
    raw: values.raw === true,
    json: values.json === true,
    help: values.help === true,
  };
}

function read(args: readonly string[], names: readonly OptionName[]): Partial<Record<string, string | boolean | (string | boolean)[]>> {
  const options = Object.fromEntries(names.map((name) => [name, OPTIONS[name].config]));
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw new Usage(`${(error as Error).message.split('. ')[0]}.`);
  }
}

function eventId(text: string): string {
  if (!isUuid(text)) throw new Usage(`--id ${text}: an event's id is a UUID.`);
  return text.toLowerCase();
}

function limit(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new Usage('--limit is a number from 1 to 10000.');
  return number;
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

function moment(text: string): Date {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count && unit) return new Date(Date.now() - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]);
  const [, day, zone] = MOMENT.exec(text) ?? [];
  const date = new Date(day && !zone ? `${text}${text.length > 10 ? 'Z' : ''}` : text);
  const whole = day && !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  if (!whole || Number.isNaN(date.getTime()))
    throw new Usage(`--since ${text}: write 30m, 12h or 7d, or a moment like 2026-01-31T09:00:00Z.`);
  return date;
}

function whoever(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `somebody@${hostname()}`; // a container's user may have no name
  }
}
