import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { AppName } from './env.js';
import { currentTraceId } from './trace.js';

/** Fields that may be logged: ids, names, codes, counts, durations. Never bodies, arguments, output, tokens, query strings, e-mail. */
const FIELDS = new Set(
  `app name level time msg traceId err host port pid signal caller kind role method route status state code reason event type topic partition offset
  consumer tool agent driver version epoch verdict attempt fence shard sent read done outcome channel classification table constraint sqlState
  from to count total lag size day period cause jti model alert deed what letter seconds watched candidates active found held recent allowed settled left`.split(
    /\s+/,
  ),
);
const FIELD_ENDINGS = /(?:Id|Ids|Ms|Seconds|Minutes|Count|Bytes|At|Name|Code|Status|State|Version|Number)$/;
const SECRET_TEXT =
  /\beyJ[\w-]+\.[\w-]+\.[\w-]+|\b(?:Bearer|Basic)\s+\S+|[\w.+-]+@[\w-]+\.[\w.-]+|:\/\/[^\s/@]+@|\b(?:ak|sk|whsec|emu)_[\w-]{6,}|\?[^\s"']*=[^\s"']*/gi;
const MAX_TEXT = 500;

const root = pino(
  {
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => ({ app: appName, traceId: currentTraceId() }),
    formatters: { level: (level) => ({ level }), log: allowed },
    // The second net, below the allow-list of names.
    redact: { paths: ['*.password', '*.token', '*.authorization', '*.cookie', '*.secret', '*.email'], censor: '[hidden]' },
    // pino's own would undo ours and copy an error's message into `msg`.
    serializers: { err: (err) => err },
    hooks: {
      logMethod([first, ...rest]: unknown[], method) {
        const fields = first instanceof Error ? { err: first } : first;
        const [message = nameOf(fields), ...values] = typeof fields === 'string' ? [fields, ...rest] : rest;
        const words = [message, ...values].map((value) => (typeof value === 'string' ? clean(value) : value));
        method.apply(this, (typeof fields === 'string' ? words : [fields, ...words]) as Parameters<typeof method>);
      },
    },
  },
  // Asynchronous writing loses lines when the process dies, and swaps them when it exits.
  pino.destination({ dest: 1, sync: true }),
);
const loggers = [root];
let appName: AppName | undefined;

/** A JSON logger to stdout, `name` being the part of the app. A field that is not on the allow-list is shown as `[hidden]`. */
export function log(name: string): pino.Logger {
  const child = root.child({ name });
  loggers.push(child);
  return child;
}

/** Sets the app's name and the level of all loggers; `start` calls it. */
export function configureLogs(config: { app: AppName; LOG_LEVEL: string }): void {
  appName = config.app;
  for (const logger of loggers) logger.level = config.LOG_LEVEL;
}

/** Nest's own messages, as our JSON. Its chatter about modules and routes is `debug`. */
export function nestLogger(): LoggerService {
  const nest = log('nest');
  const text = (message: unknown) => (message instanceof Error ? { err: message } : {});
  const say = (message: unknown) => (message instanceof Error ? message.message : String(message));
  return {
    log: (message: unknown) => nest.debug(say(message)),
    error: (message: unknown) => nest.error(text(message), say(message)),
    warn: (message: unknown) => nest.warn(say(message)),
    debug: (message: unknown) => nest.debug(say(message)),
    verbose: (message: unknown) => nest.trace(say(message)),
    fatal: (message: unknown) => nest.fatal(text(message), say(message)),
  };
}

function allowed(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) kept[key] = FIELDS.has(key) || FIELD_ENDINGS.test(key) ? shown(value) : '[hidden]';
  return kept;
}

function shown(value: unknown): unknown {
  if (value instanceof Error) return describeError(value);
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.slice(0, 20).map((item) => (typeof item === 'object' ? '[hidden]' : shown(item)));
  return '[hidden]';
}

const nameOf = (fields: unknown) => (fields as { err?: Error } | undefined)?.err?.constructor.name ?? '';

function clean(text: string): string {
  const safe = text.replace(SECRET_TEXT, '[hidden]');
  return safe.length > MAX_TEXT ? `${safe.slice(0, MAX_TEXT)}…` : safe;
}

/** A database error's message quotes the statement with its values, so only its code and the names in it are kept. */
export function describeError(error: Error): Record<string, unknown> {
  const { code, constraint, table } = error as Error & { code?: unknown; constraint?: unknown; table?: unknown };
  const ofDatabase = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E');
  return {
    type: error.constructor.name,
    ...(typeof code === 'string' && { code }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(typeof table === 'string' && { table }),
    message: ofDatabase ? 'refused by the database' : clean(error.message),
    at: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .map((line) => line.trim()),
    ...(error.cause instanceof Error && !ofDatabase && { cause: describeError(error.cause) }),
  };
}
