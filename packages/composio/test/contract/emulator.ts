import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type ComposioConfig, composioEnv } from '../../src/config.js';

const { SANDBOX_URL = 'http://127.0.0.1:1', SANDBOX_PROJECT } = process.env;

/** The emulator's own side: what happened there, and what a test does to it. */
export const emulator = {
  url: SANDBOX_URL,
  project: SANDBOX_PROJECT ?? `t${randomBytes(6).toString('hex')}`,

  async control(method: string, path: string, body?: unknown, project?: string): Promise<Answer> {
    const url = new URL(`/_emulator/${path}`, this.url);
    url.searchParams.set('project', project ?? this.project);
    const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(url, { method, ...json });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  },

  /** Composio's own API, as an operator would use it. */
  async api(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { 'x-api-key': `emu_${this.project}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await fetch(new URL(path, this.url), { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  },

  async seed(...accounts: { owner: string; app: string; status?: string; statusReason?: string }[]): Promise<string[]> {
    const { accounts: made } = await this.control('POST', 'seed', { accounts });
    return made.map(({ id }: { id: string }) => id);
  },

  fault(match: object, effect: object, more: object = {}): Promise<Answer> {
    return this.control('POST', 'faults', { match, effect, ...more });
  },

  /** The requests of a piece of work, without anybody else's. */
  async requestsOf(work: () => Promise<unknown>): Promise<Request[]> {
    const before = (await this.control('GET', 'requests')).count;
    await work();
    return (await this.control('GET', 'requests')).items.slice(before);
  },

  /** A person opens the link, decides, and is sent on: where to. */
  async decide(link: URL, decision = 'allow'): Promise<URL> {
    const opened = await fetch(link, { redirect: 'follow' });
    const answer = await fetch(`${opened.url.replace(/\/$/, '')}/decide`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ decision }),
    });
    return new URL(answer.headers.get('location') ?? 'none:');
  },
};

// biome-ignore lint/suspicious/noExplicitAny: the emulator's answers are read by tests alone
type Answer = any;

export interface Request {
  method: string;
  path: string;
  query: Record<string, string>;
  userIdSent: string | null;
  account: string | null;
  accountOwner: string | null;
  callId: string | null;
  traceparent: string | null;
  body?: {
    arguments?: Record<string, unknown>;
    input?: Record<string, unknown>;
    app?: { integrationId?: string };
    auth_config_id?: string;
  };
}

/** A config of its own has budgets of its own. */
export const configFor = (driver: 'core' | 'legacy', baseUrl: string, env: Record<string, string> = {}): ComposioConfig =>
  z.object(composioEnv).parse({
    COMPOSIO_DRIVER: driver,
    COMPOSIO_BASE_URL: baseUrl,
    COMPOSIO_API_KEY: `emu_${emulator.project}`,
    COMPOSIO_RUNS_CALLS_PER_MINUTE: '100000',
    COMPOSIO_INTERACTIVE_CALLS_PER_MINUTE: '100000',
    COMPOSIO_SWEEP_CALLS_PER_MINUTE: '100000',
    TELEMETRY_DISABLED: process.env.TELEMETRY_DISABLED,
    ...env,
  });
