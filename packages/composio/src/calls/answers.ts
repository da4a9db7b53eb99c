import type { z } from 'zod';
import {
  type ComposioError,
  CredentialsRefused,
  InvalidRequest,
  Misconfigured,
  NotFound,
  OutcomeUnknown,
  OwnerMismatch,
  type Said,
  Unavailable,
} from '../errors.js';

export interface Headers {
  get(name: string): string | null;
}

/** A complete HTTP answer, whatever its status, freed of how an SDK would dress it. */
export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** What is needed to tell what a refusal means. `missing`: what a 404 says is not there. */
export interface Question {
  kind: 'read' | 'write' | 'execute';
  api: 'v3' | 'v1';
  missing: NotFound['what'];
}

/** Returns for a 2xx, else throws the error of composio.md 3.3. Slug is trusted before code, code before status, text never. */
export function judge(answer: Answer, question: Question): void {
  if (answer.status >= 200 && answer.status < 300) return;
  throw refusal(answer, question);
}

/** The body, checked. One that does not fit is like no answer: for a read it is `Unavailable`, for all else nobody knows what happened. */
export function parse<T extends z.ZodType>(schema: T, answer: Answer, question: Question): z.output<T> {
  const result = schema.safeParse(answer.body);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.') || '(body)').join(', ');
  throw noTrust(question, `Composio's answer has not the expected shape at ${where}`, said(answer));
}

export function noTrust(question: Pick<Question, 'kind'>, message: string, what?: Said): ComposioError {
  return question.kind === 'read' ? new Unavailable(message, what) : new OutcomeUnknown(message, what);
}

/** Composio's words about an error, in any of the spellings that were seen. */
export function said(answer: Answer): Said & { message: string; envelope: boolean } {
  const outer = object(answer.body);
  const inner = object(outer.error);
  const it = Object.keys(inner).length > 0 ? inner : outer;
  const code = Number(it.code ?? it.error_code ?? Number.NaN);
  return {
    status: answer.status,
    slug: text(it.slug) ?? text(it.name) ?? text(it.type),
    composioCode: Number.isInteger(code) ? code : undefined,
    requestId: text(it.request_id) ?? text(it.requestId) ?? text(answer.headers.get('x-request-id')),
    message: text(it.message) ?? '',
    envelope: typeof it.message === 'string',
  };
}

function refusal(answer: Answer, question: Question): ComposioError {
  const { status } = answer;
  const { message, envelope, ...what } = said(answer);
  if (status < 400) return new Misconfigured('Composio answers with a redirect, which is not followed: check the base URL', what);
  if (status === 401 || status === 403) return new Misconfigured('Composio refuses the API key, or the key lacks this permission', what);
  if (status === 408 || (status >= 500 && status !== 501)) return noTrust(question, `Composio failed with ${status}`, what);
  return byName(what, question) ?? byStatus(status, envelope, what, question) ?? new InvalidRequest(shortened(message), what);
}

const CREDENTIALS = { slug: /ConnectedAccountExpired/i, codes: [1820] };
const OWNER = { slug: /EntityIdMismatch/i, codes: [1812] };
const ACCOUNT = { slug: /(ConnectedAccount|Connection)(_Resource)?_?NotFound/i, codes: [1803, 1810, 606] };
const TOOL = { slug: /(Tool|Action)(Execute)?_?(Tool|Action)?(NotFound|Withdrawn)/i, codes: [] };
const AUTH_CONFIG = { slug: /(AuthConfig|Integration|Connector)_?(Resource)?NotFound/i, codes: [] };
const APP = { slug: /(Toolkit|App)_?(Resource)?NotFound/i, codes: [] };

function byName(what: Said, { kind }: Question): ComposioError | undefined {
  const is = (name: { slug: RegExp; codes: readonly number[] }) =>
    (what.slug !== undefined && name.slug.test(what.slug)) || (what.composioCode !== undefined && name.codes.includes(what.composioCode));
  if (is(OWNER)) return new OwnerMismatch(undefined, what);
  if (is(CREDENTIALS)) return new CredentialsRefused(what);
  if (is(ACCOUNT)) return new NotFound('account', what);
  if (is(TOOL)) return new NotFound('tool', what);
  if (is(AUTH_CONFIG)) return new NotFound('authConfig', what);
  if (is(APP)) return new NotFound('app', what);
  if (what.composioCode === 600 && kind === 'write') return new Misconfigured('Composio no longer offers this way to connect', what);
  return undefined;
}

function byStatus(status: number, envelope: boolean, what: Said, { kind, api, missing }: Question): ComposioError | undefined {
  // An old path that is gone, or a proxy's page: taking it for "deleted" would break everybody's connections.
  if ((status === 404 || status === 410) && (api === 'v1' || !envelope)) {
    return new Misconfigured(`Composio answers ${status} in words that are not known: is this API still there?`, what);
  }
  if (status === 410 && kind === 'execute') return new NotFound('tool', what);
  if (status === 404) return new NotFound(missing, what);
  if (status === 422 && kind === 'execute') return new CredentialsRefused(what);
  return undefined;
}

/** Enough to find the fault, without links or anything that looks like a token. */
function shortened(message: string): string {
  return message
    .replace(/\bhttps?:\S+/g, '<link>')
    .replace(/\b[\w-]{32,}\b/g, '<long>')
    .slice(0, 200);
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
}
