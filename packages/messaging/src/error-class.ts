import { RejectedEvent } from './batch-context.js';
import { PermanentError, TransientError } from './errors.js';

/**
 * permanent: a dead letter. transient: once more, then the key is parked. infrastructure: nobody's event is to blame, consumption pauses.
 * unknown: as transient twice, then a dead letter.
 */
export type ErrorClass = 'permanent' | 'transient' | 'infrastructure' | 'unknown';

interface DatabaseError {
  code?: unknown;
  message?: unknown;
  table?: unknown;
  constraint?: unknown;
  name?: unknown;
  cause?: unknown;
}

const NETWORK = /^E(CONN\w+|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|HOSTDOWN|NETDOWN|ADDRNOTAVAIL)$/;
const LOST_CONNECTION =
  /connection terminated|timeout exceeded when trying to connect|not queryable|client was closed|after calling end on the pool|driver has already been destroyed/i;
const TRANSIENT = new Set(['40001', '40P01', '55P03', '57014']);
const UNREACHABLE = /^(08...|53...|28...|57P0[1-5]|25006|3D000)$/;
/** Tables, columns, functions or schemas that are not there: the schema is older than the code, so waiting helps. */
const NOT_DEPLOYED = new Set(['42P01', '42703', '42883', '3F000']);
const PROGRAMMING = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'ZodError', 'RowLevelSecurityViolationException']);

/** Decides what becomes of the event that met this error. Facts: messaging design, the table of error classes. */
export function classify(error: unknown): ErrorClass {
  if (error instanceof PermanentError) return 'permanent';
  if (error instanceof TransientError) return 'transient';
  for (const cause of chain(error)) {
    const found = classOf(cause);
    if (found) return found;
  }
  return 'unknown';
}

function classOf({ code, message, name }: DatabaseError): ErrorClass | undefined {
  const text = typeof message === 'string' ? message : '';
  if (name === 'OptimisticLockError') return 'transient';
  if (typeof code === 'string' && NETWORK.test(code)) return 'infrastructure';
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return ofSqlState(code, text);
  if (PROGRAMMING.has(String(name))) return 'permanent';
  return LOST_CONNECTION.test(text) ? 'infrastructure' : undefined;
}

function ofSqlState(code: string, text: string): ErrorClass | undefined {
  if (TRANSIENT.has(code)) return 'transient';
  if (UNREACHABLE.test(code) || NOT_DEPLOYED.has(code)) return 'infrastructure';
  // A missing grant and a row of somebody else share this code; only the second is the event's fault.
  if (code === '42501') return /row-level security/i.test(text) ? 'permanent' : 'infrastructure';
  if (code === '23514' && /no partition of relation/i.test(text)) return 'infrastructure';
  return code.startsWith('22') || code.startsWith('23') ? 'permanent' : undefined;
}

/** True when the inbox, and no table of the app, refused a repeat. */
export function isInboxRepeat(error: unknown): boolean {
  return chain(error).some(({ code, table }) => code === '23505' && typeof table === 'string' && /^inbox_\d{8}$/.test(table));
}

/** True for a unique key of the app's own: two batches may have raced, so it is worth one more try. */
export function isUniqueViolation(error: unknown): boolean {
  return chain(error).some(({ code }) => code === '23505');
}

/** A reason to keep and show: never a statement with its values, never a piece of the event. */
export function reasonOf(error: unknown): string {
  if (error instanceof RejectedEvent || error instanceof PermanentError) return error.message.slice(0, 300);
  for (const { code, constraint, table } of chain(error)) {
    if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || NETWORK.test(code)) continue;
    return ['SQLSTATE', code, constraint ?? table].filter(Boolean).join(' ');
  }
  return error instanceof Error ? `${error.name}: ${error.message.slice(0, 250)}` : 'an error that is no Error';
}

function chain(error: unknown): DatabaseError[] {
  const found: DatabaseError[] = [];
  let next: unknown = error;
  while (typeof next === 'object' && next !== null && found.length < 5 && !found.includes(next)) {
    found.push(next);
    next = (next as DatabaseError).cause;
  }
  return found;
}
