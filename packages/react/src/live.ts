import { ApiProblem, type Client } from './client.js';

/** An event of the user's stream: ids, states and words. It is a reason to read, never the truth itself. */
export interface Signal {
  /** The event's name, such as `connection.activated`; `resync` when some may have been missed: read everything again. */
  type: string;
  data: Readonly<Record<string, unknown>>;
}
type Listener = (signal: Signal) => void;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** A hidden page gives its connection back: browsers open six to one host, and a user has five streams. */
const HIDDEN_MS = 60_000;
/** The gateway says something every 15 seconds; a connection that is silent for longer is dead. */
const SILENCE_MS = 40_000;

/** The user's live stream: one connection a page, opened while somebody listens and the page is seen. */
export class Live {
  private readonly listeners = new Set<Listener>();
  private running: AbortController | undefined;
  private last: string | undefined;
  private hidden: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: Client) {}

  /** Call what it returns to stop listening; the last one to go closes the connection. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.start();
    return () => {
      this.listeners.delete(listener);
      if (!this.listeners.size) this.stop();
    };
  }

  private start(): void {
    document.addEventListener('visibilitychange', this.seen);
    window.addEventListener('online', this.wake);
    this.wake();
  }

  private stop(): void {
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
    while (!signal.aborted) {
      try {
        await this.read(signal);
        waitMs = FIRST_WAIT_MS; // it ended in order, with its token
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiProblem && error.status === 401) return; // the lists say so, too; signing in loads the page anew
        waitMs = Math.min(
          Math.max(waitMs * 2, (error instanceof ApiProblem && (error.retryAfterSeconds ?? 0) * 1000) || 0),
          LONGEST_WAIT_MS,
        );
      }
      await new Promise((next) => setTimeout(next, waitMs * (0.5 + Math.random())));
    }
  }

  private async read(outer: AbortSignal): Promise<void> {
    const quiet = new AbortController();
    const path = '/v1/stream';
    const signal = AbortSignal.any([outer, quiet.signal]);
    let timer = setTimeout(() => quiet.abort(), SILENCE_MS);
    try {
      const answer = await this.client.open('GET', path, { signal, ...(this.last && { lastEventId: this.last }) }, 'text/event-stream');
      // Between the first reads of the page and now something may have happened that nobody told us.
      if (!this.last) this.tell({ type: 'resync', data: {} });
      for await (const event of events(answer)) {
        clearTimeout(timer);
        timer = setTimeout(() => quiet.abort(), SILENCE_MS);
        if (event) this.take(event);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  private take({ id, type, data }: Row): void {
    if (type === 'resync') this.last = undefined;
    if (id) this.last = id;
    this.tell({ type, data });
  }

  private tell(signal: Signal): void {
    for (const listener of this.listeners) listener(signal);
  }
}

interface Row extends Signal {
  id: string | undefined;
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
