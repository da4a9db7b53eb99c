import { ComposioError, InvalidRequest, Misconfigured, NotFound, RateLimited } from '@gatehouse/composio';
import { log, Problem } from '@gatehouse/runtime';

const connecting = log('connections');

/** What a person who waits is told when Composio cannot do it now. Anything else than an error of Composio's is passed on as it is. */
export function composioProblem(error: unknown): unknown {
  if (!(error instanceof ComposioError)) return error;
  if (error instanceof NotFound && (error.what === 'app' || error.what === 'authConfig')) return unknownApp();
  if (error instanceof RateLimited) {
    const retryAfterSeconds = Math.ceil(error.retryAfterMs / 1000);
    return new Problem(503, 'composio_busy', 'Too many people are doing this right now. Try again in a moment.', { retryAfterSeconds });
  }
  if (error instanceof Misconfigured || error instanceof InvalidRequest) {
    connecting.error({ err: error, code: error.slug, status: error.status }, 'Composio refuses what we ask of it');
    return notConfigured();
  }
  connecting.warn({ err: error, status: error.status }, 'Composio did not answer as expected');
  return new Problem(503, 'composio_unavailable', 'Something between us and the provider does not answer. Try again in a moment.', {
    retryAfterSeconds: 5,
  });
}

export function unknownApp(): Problem {
  return new Problem(422, 'unknown_app', 'There is no app of this name to connect.');
}

export function notConfigured(): Problem {
  return new Problem(503, 'connect_not_configured', "Connecting apps isn't set up here yet. Your operator can see this.");
}
