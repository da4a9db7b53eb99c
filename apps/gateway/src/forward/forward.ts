import { PassThrough, pipeline, type Readable } from 'node:stream';
import { CONFIG, currentTraceparent, INTERNAL_HEADER, InternalTokens, Problem } from '@gatehouse/runtime';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Agent, type Dispatcher, errors } from 'undici';
import type { Caller } from '../access/callers.js';
import { cookie, cookies } from '../access/cookies.js';
import { Streams } from '../access/limits.js';
import type { GatewayConfig } from '../config.js';
import type { Upstream } from './upstreams.js';

/** Headers of a caller that reach an app. An identity, a session or a forwarding header of theirs is not among them. */
const ASKED = ['accept', 'accept-language', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'last-event-id'];
const SIGNED = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
/** Headers of an app's answer that reach the caller; cookies apart. */
const ANSWERED =
  `content-type content-length content-encoding content-disposition content-language content-security-policy cache-control etag
  last-modified location retry-after vary x-accel-buffering`.split(/\s+/);
const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;
const SILENCE_MS = 60_000; // streams send a comment every 15 s

type Sent = FastifyRequest & { rawBody?: Buffer };

/** Passes a request on to the app that owns it, as the caller that the gateway has identified, and its answer back as it comes. */
@Injectable()
export class Forward implements OnApplicationShutdown {
  private readonly agent = new Agent({
    connect: { timeout: CONNECT_MS },
    headersTimeout: ANSWER_MS,
    bodyTimeout: SILENCE_MS,
    connections: 256,
  });

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly tokens: InternalTokens,
    private readonly streams: Streams,
  ) {}

  async pass(request: FastifyRequest, reply: FastifyReply, upstream: Upstream, caller: Caller): Promise<void> {
    const answer = await this.send(request, reply, upstream, caller);
    void reply.status(answer.statusCode);
    for (const name of ANSWERED) {
      const value = answer.headers[name];
      if (value !== undefined) void reply.header(name, value);
    }
    this.passCookies(reply, answer);
    const live = String(answer.headers['content-type'] ?? '').startsWith('text/event-stream');
    await reply.send(live ? this.limited(answer.body, caller) : answer.body);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async send(request: Sent, reply: FastifyReply, { app, path }: Upstream, caller: Caller): Promise<Dispatcher.ResponseData> {
    const origin = this.urlOf(app);
    if (!origin) throw new Problem(404, 'not_found', 'There is nothing here.');
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
    const body = request.rawBody ?? (Buffer.isBuffer(request.body) ? request.body : null);
    try {
      return await this.agent.request({
        origin: new URL(origin).origin,
        path: `${path}${query}`,
        method: request.method as Dispatcher.HttpMethod,
        headers: { ...headersOf(request, app), [INTERNAL_HEADER]: await this.tokens.sign(app, caller) },
        body,
        signal: gone.signal,
      });
    } catch (error) {
      const late = error instanceof errors.HeadersTimeoutError || error instanceof errors.ConnectTimeoutError;
      if (late) throw new Problem(504, 'timed_out', 'This part did not answer in time. It may still do what was asked.');
      throw new Problem(502, 'bad_gateway', 'This part does not answer at the moment. Try again.', { retryAfterSeconds: 1 });
    }
  }

  private urlOf(app: Upstream['app']): string | undefined {
    const { IDENTITY_URL, CONNECTIONS_URL, AGENT_RUNNER_URL, AUDITOR_URL, NOTIFIER_URL } = this.config;
    return {
      identity: IDENTITY_URL,
      connections: CONNECTIONS_URL,
      'agent-runner': AGENT_RUNNER_URL,
      auditor: AUDITOR_URL,
      notifier: NOTIFIER_URL,
    }[app];
  }

  /** An app may keep the browser secret of a connect attempt, and no other cookie. */
  private passCookies(reply: FastifyReply, { headers }: Dispatcher.ResponseData): void {
    const allowed = [headers['set-cookie'] ?? []].flat().filter((line) => line.startsWith(`${cookies.connect}=`));
    const own = [reply.getHeader('set-cookie') ?? []].flat().map(String);
    if (!allowed.length) return;
    void reply.removeHeader('set-cookie');
    void reply.header('set-cookie', [...own, ...allowed]);
  }

  /** A stream ends with the token that opened it; the client comes back with a fresh one. */
  private limited(body: Readable, { id, expiresAt }: Caller): Readable {
    let leave: () => void;
    try {
      leave = this.streams.enter(id);
    } catch (error) {
      body.destroy();
      throw error;
    }
    const through = new PassThrough();
    const end = setTimeout(() => through.end(), Math.min(Math.max(expiresAt - Date.now(), 0), 2 ** 31 - 1));
    pipeline(body, through, () => {
      clearTimeout(end);
      leave();
    });
    return through;
  }
}

function headersOf(request: FastifyRequest, app: Upstream['app']): Record<string, string> {
  const secret = app === 'connections' ? cookie(request, cookies.connect) : undefined;
  const traceparent = currentTraceparent();
  const sent: Record<string, string> = {
    'x-client-ip': request.ip,
    ...(traceparent && { traceparent }),
    ...(secret !== undefined && { cookie: `${cookies.connect}=${secret}` }),
  };
  for (const name of app === 'auditor' ? [...ASKED, ...SIGNED] : ASKED) {
    const value = request.headers[name];
    if (typeof value === 'string') sent[name] = value;
  }
  return sent;
}
