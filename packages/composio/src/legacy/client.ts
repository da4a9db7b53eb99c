import { AsyncLocalStorage } from 'node:async_hooks';
import type { Composio } from 'composio-core';
import type { Answer } from '../calls/answers.js';
import { NoAnswer, type Sending } from '../calls/calls.js';
import type { ComposioConfig } from '../config.js';
import { InvalidRequest, Misconfigured } from '../errors.js';

type Axios = ReturnType<Composio['backendClient']['getAxiosInstance']>;

export interface LegacyClient {
  sdk: Composio;
  http: Axios;
}

/** What happened to the request of the current call. The SDK's own error says less: it loses 403, 409, 410, 422, 503 and 504. */
interface Record {
  how: Sending;
  requests: number;
  answer?: Answer;
  code?: string;
}

const current = new AsyncLocalStorage<Record>();
let only: { key: string; baseUrl: string; client: LegacyClient } | undefined;

/** One a process: the SDK keeps key and address in a global, and a second client would overwrite the first one's. */
export async function legacyClient(config: ComposioConfig): Promise<LegacyClient> {
  const key = config.COMPOSIO_API_KEY;
  const baseUrl = config.COMPOSIO_BASE_URL.replace(/\/+$/, '');
  if (only && (only.key !== key || only.baseUrl !== baseUrl)) {
    throw new Misconfigured('The legacy Composio SDK can serve one key and one address a process');
  }
  only ??= { key, baseUrl, client: await make(key, baseUrl) };
  return only.client;
}

/** Runs one SDK call and gives back what came over the wire, whatever the SDK makes of it. Throws `NoAnswer`. */
export async function answerOf(how: Sending, work: () => Promise<unknown>): Promise<Answer> {
  const record: Record = { how, requests: 0 };
  await current.run(record, work).catch(() => undefined); // judged from the record alone
  if (record.answer) return record.answer;
  if (record.requests === 0) throw new InvalidRequest('the legacy SDK refused to send this');
  throw new NoAnswer(record.code !== 'ECONNREFUSED' && record.code !== 'ENOTFOUND');
}

async function make(apiKey: string, baseUrl: string): Promise<LegacyClient> {
  process.env.COMPOSIO_LOGGING_LEVEL = 'silent'; // read at import; `debug` writes keys of a connection and arguments to the log
  const { Composio } = await import('composio-core');
  class Quiet extends Composio {}
  // Every construction asks a registry for the newest version. There is no switch, and the method is private to the types only.
  Object.defineProperty(Quiet.prototype, 'checkForLatestVersionFromNPM', { value: async () => undefined });
  const sdk = new Quiet({ apiKey, baseUrl, allowTracing: false });
  const http = sdk.backendClient.getAxiosInstance();
  http.interceptors.request.use((request) => {
    const record = current.getStore();
    if (!record) throw new Error('a request outside of a call');
    record.requests += 1;
    if (record.requests > 1) throw new Error('more than one request in a call');
    request.timeout = record.how.timeoutMs; // there is no default, and setting one on the instance has no effect
    request.signal = record.how.signal;
    request.maxRedirects = 0; // a redirect would carry the key to another host
    for (const [name, value] of Object.entries(record.how.headers)) request.headers.set(name, value);
    return request;
  });
  http.interceptors.response.use(
    (response) => {
      keep(response);
      return response;
    },
    (error: { response?: Wire; code?: string; cause?: { code?: string } }) => {
      const record = current.getStore();
      if (error.response) keep(error.response);
      else if (record) record.code = error.code ?? error.cause?.code ?? 'unknown';
      return Promise.reject(error);
    },
  );
  return { sdk, http };
}

interface Wire {
  status: number;
  headers: unknown;
  data: unknown;
}

function keep({ status, headers, data }: Wire): void {
  const record = current.getStore();
  if (!record) return;
  const given = headers as globalThis.Record<string, unknown>;
  record.answer = {
    status,
    body: data,
    headers: {
      get: (name) => {
        const value = given[name];
        return value === undefined || value === null ? null : String(value);
      },
    },
  };
}
