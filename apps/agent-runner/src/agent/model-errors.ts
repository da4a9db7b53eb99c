import { Counter, log } from '@gatehouse/runtime';
import { ContextOverflowError } from '@langchain/core/errors';
import { NotNow, RunFailure } from '../queue/lease.js';

/** An operator has to do something: asked again later, in the hope that it was done. */
const MISCONFIGURED_MS = 60_000;
const NO_CREDIT_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 60 * 60_000;

const refusals = new Counter({
  name: 'agent_runner_model_refusals_total',
  help: 'Times that the model refused our key, our account or its own name: runs wait until an operator has looked.',
});

/** What a failure of the model means for the run. Nobody sleeps on it: `NotNow` puts the run off, for as long as the model asks. */
export function asOurs(error: unknown): Error {
  if (error instanceof NotNow || error instanceof RunFailure) return error;
  const { status, code, headers } = error as { status?: unknown; code?: unknown; headers?: unknown };
  if (status === 413 || ContextOverflowError.isInstance(error)) {
    return new RunFailure({ code: 'too_long', message: 'Stopped: this became too long for the model.' });
  }
  if (typeof status !== 'number') return new NotNow('the model does not answer');
  if (status === 401 || status === 403 || status === 404) return ours(status, MISCONFIGURED_MS);
  if (code === 'insufficient_quota') return ours(status, NO_CREDIT_MS);
  if (status === 429) return new NotNow('the model asks us to wait', waitOf(headers));
  if (status === 408 || status === 409 || status >= 500) return new NotNow(`the model answered ${status}`, waitOf(headers));
  return new RunFailure({ code: 'model_refused', message: 'The model refused this request.' });
}

function ours(status: number, waitMs: number): NotNow {
  refusals.inc();
  log('model').error({ status }, 'the model refuses our key, our account or the name of the model: an operator has to look');
  return new NotNow('the model refuses our configuration', waitMs);
}

/** Milliseconds, as OpenAI's own client reads them; of the limits that are used up, the one that takes longest. */
function waitOf(headers: unknown): number | undefined {
  if (!(headers instanceof Headers)) return undefined;
  const wait = millisecondsIn(headers) ?? secondsOrDateIn(headers) ?? resetIn(headers);
  return wait === undefined ? undefined : Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil(wait)));
}

function millisecondsIn(headers: Headers): number | undefined {
  return numberIn(headers.get('retry-after-ms'));
}

function secondsOrDateIn(headers: Headers): number | undefined {
  const given = headers.get('retry-after');
  const seconds = numberIn(given);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(given ?? '');
  return Number.isNaN(date) ? undefined : date - Date.now();
}

function resetIn(headers: Headers): number | undefined {
  const waits = ['requests', 'tokens']
    .filter((what) => headers.get(`x-ratelimit-remaining-${what}`) === '0')
    .flatMap((what) => durationIn(headers.get(`x-ratelimit-reset-${what}`)) ?? []);
  return waits.length ? Math.max(...waits) : undefined;
}

function numberIn(text: string | null): number | undefined {
  const value = text?.trim() ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Such as `6m0s`, `1.5s` or `20ms`. */
function durationIn(text: string | null): number | undefined {
  if (!text || !/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, value, unit]) => sum + Number(value) * (UNITS[unit ?? ''] ?? 0),
    0,
  );
}
