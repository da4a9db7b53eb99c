import { Composio } from '@composio/core';
import { type Answer } from '../calls/answers.js';
import { NoAnswer, type Sending } from '../calls/calls.js';
import type { ComposioConfig } from '../config.js';

export type CoreClient = ReturnType<Composio['getClient']>;

/**
 * The SDK's raw client. Never its own methods: those strip the owner, make further requests and hide statuses. Telemetry and the version
 * check are off; so is its log, which at `debug` writes arguments.
 */
export function coreClient(config: ComposioConfig): CoreClient {
  const composio = new Composio({
    apiKey: config.COMPOSIO_API_KEY,
    baseURL: config.COMPOSIO_BASE_URL.replace(/\/+$/, ''),
    allowTracking: false,
    disableVersionCheck: true,
  });
  const client = composio.getClient();
  client.logLevel = 'off';
  return client;
}

/**
 * Options of one request. `maxRetries: 0`: by itself the client repeats POSTs, too. Redirects are not followed: they would carry the key, and
 * perhaps the call, to another host.
 */
export function options({ timeoutMs, signal, headers }: Sending) {
  return { maxRetries: 0, timeout: timeoutMs, signal, headers, fetchOptions: { redirect: 'manual' as const } };
}

interface Promised {
  withResponse(): Promise<{ data: unknown; response: { status: number; headers: Headers } }>;
}

/** Any answer, whatever its status; throws `NoAnswer` when there was none or it broke off. */
export async function answerOf(request: Promised): Promise<Answer> {
  try {
    const { data, response } = await request.withResponse();
    return { status: response.status, headers: response.headers, body: data };
  } catch (error) {
    const { status, headers, error: body } = error as { status?: unknown; headers?: Headers; error?: unknown };
    if (typeof status === 'number' && headers) return { status, headers, body };
    throw new NoAnswer(!neverLeft(error));
  }
}

/** Only these two say that nothing was sent; a reset, a timeout or an abort may have come after the server began. */
function neverLeft(error: unknown): boolean {
  let at: unknown = error;
  for (let depth = 0; depth < 6 && typeof at === 'object' && at !== null; depth += 1) {
    const { code, cause } = at as { code?: unknown; cause?: unknown };
    if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') return true;
    at = cause;
  }
  return false;
}
