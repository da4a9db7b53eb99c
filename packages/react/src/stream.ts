import { ApiProblem, type Client } from './client.js';

/** One server-sent event. */
export interface Row {
  id: string | undefined;
  type: string;
  data: Readonly<Record<string, unknown>>;
}

/** `lost`: it comes back by itself. `over`: the server has no more of it. `refused`: signed out, or not ours. */
export type StreamState = 'opening' | 'open' | 'lost' | 'over' | 'refused';

interface StreamOptions {
  take: (row: Row) => void;
  /** Each time it is open. `anew`: without the id of a last event, so nothing is replayed that was there before. */
  opened?: (anew: boolean) => void;
  changed?: (state: StreamState) => void;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** A hidden page gives its connection back: browsers open six to one host, and a user has five streams. */
const HIDDEN_MS = 60_000;
/** The gateway says something every 15 seconds; a connection that is silent for longer is dead. */
const SILENCE_MS = 40_000;
const REFUSED = [401, 403, 404];

/** A stream that comes back by itself, after the last event it gave, as long as it is wanted and the page is seen. */
export class Stream {
  private running: AbortController | undefined;
  private last: string | undefined;
  private hidden: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: Client,
    private readonly path: string,
    private readonly options: StreamOptions,
  ) {}

  start(): void {
    document.addEventListener('visibilitychange', this.seen);
    window.addEventListener('online', this.wake);
    this.wake();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.seen);
    window.removeEventListener('online', this.wake);
    clearTimeout(this.hidden);
    this.close();
  }

  private readonly seen = (): void => {
    clearTimeout(this.hidden);
    if (document.visibilityState === 'hidden') this.hidden = setTimeout(() => this.close(), HIDDEN_MS);
    else if (!this.running) this.wake();
  };

  private readonly wake = (): void => {
    this.close();
    const running = new AbortController();
    this.running = running;
    void this.run(running.signal);
  };

  private close(): void {
    this.running?.abort();
    this.running = undefined;
  }

  private async run(signal: AbortSignal): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    this.options.changed?.('opening');
    while (!signal.aborted) {
      try {
        if (await this.read(signal)) return this.options.changed?.('over');
        waitMs = FIRST_WAIT_MS; // it ended in order, with its token
      } catch (error) {
        if (signal.aborted) return;
        // The lists say so, too; signing in loads the page anew.
        if (error instanceof ApiProblem && REFUSED.includes(error.status)) return this.options.changed?.('refused');
        waitMs = Math.min(
          Math.max(waitMs * 2, (error instanceof ApiProblem && (error.retryAfterSeconds ?? 0) * 1000) || 0),
          LONGEST_WAIT_MS,
        );
      }
      if (signal.aborted) return;
      this.options.changed?.('lost');
      await new Promise((next) => setTimeout(next, waitMs * (0.5 + Math.random())));
    }
  }

  /** True when there will be no more. */
  private async read(outer: AbortSignal): Promise<boolean> {
    const quiet = new AbortController();
    const signal = AbortSignal.any([outer, quiet.signal]);
    let timer = setTimeout(() => quiet.abort(), SILENCE_MS);
    try {
      const answer = await this.client.open(
        'GET',
        this.path,
        { signal, ...(this.last && { lastEventId: this.last }) },
        'text/event-stream',
      );
      if (answer.status === 204) return true;
      this.options.changed?.('open');
      this.options.opened?.(!this.last);
      for await (const row of events(answer)) {
        clearTimeout(timer);
        timer = setTimeout(() => quiet.abort(), SILENCE_MS);
        if (outer.aborted) break; // another connection has taken over
        if (row) this.take(row);
      }
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  private take(row: Row): void {
    if (row.type === 'resync') this.last = undefined;
    if (row.id) this.last = row.id;
    this.options.take(row);
  }
}

/** Server-sent events of an answer; undefined for each comment, which is a sign of life. `fetch` instead of EventSource: it can carry a token, and says why it was refused. */
export async function* events(answer: Response): AsyncGenerator<Row | undefined> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  let rest = '';
  try {
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      for (const block of blocks) yield rowOf(block);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function rowOf(block: string): Row | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name) fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value);
  }
  const type = fields.get('event');
  if (!type) return undefined;
  try {
    return { id: fields.get('id'), type, data: JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown> };
  } catch {
    return undefined;
  }
}
