import { ApiProblem } from '../client.js';
import type { PartWordId, Values } from './say.js';

const BY_STATUS: Readonly<Record<number, PartWordId>> = {
  0: 'problem.no-network',
  400: 'problem.invalid',
  401: 'problem.signed-out',
  403: 'problem.forbidden',
  404: 'problem.not-found',
  409: 'problem.conflict',
  410: 'problem.not-found',
  412: 'problem.outdated',
  413: 'problem.too-large',
  422: 'problem.invalid',
  429: 'problem.too-many',
  502: 'problem.unavailable',
  503: 'problem.unavailable',
  504: 'problem.unavailable',
};
const REFERENCE_LENGTH = 8;

/** The one place that turns a refusal or a failure into words for a person. Never an error's own text: that may be anybody's. */
export function problemWords(error: unknown): { id: PartWordId; values: Values } {
  if (!(error instanceof ApiProblem)) return { id: 'problem.ours', values: { reference: 'none' } };
  const { status, traceId, retryAfterSeconds = 0 } = error;
  return {
    id: BY_STATUS[status] ?? 'problem.ours',
    values: { reference: traceId?.slice(0, REFERENCE_LENGTH) ?? 'none', wait: Math.ceil(retryAfterSeconds) },
  };
}
