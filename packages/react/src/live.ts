import type { Client } from './client.js';
import { type Row, Stream } from './stream.js';

/**
 * An event of the user's stream: ids, states and words. It is a reason to read, never the truth itself. `type` is its name, such as
 * `connection.activated`; `resync` when some may have been missed: read everything again.
 */
export type Signal = Pick<Row, 'type' | 'data'>;
type Listener = (signal: Signal) => void;

/** While there is no stream, as in a tab too many, everything shown is read this often. */
const READ_MS = 8_000;

/** The user's live stream: one connection a page, opened while somebody listens and the page is seen. */
export class Live {
  private readonly listeners = new Set<Listener>();
  private readonly stream: Stream;
  private meanwhile: ReturnType<typeof setInterval> | undefined;

  constructor(client: Client) {
    this.stream = new Stream(client, '/v1/stream', {
      take: ({ type, data }) => this.tell({ type, data }),
      changed: (state) => {
        if (state === 'lost') this.meanwhile ??= setInterval(() => this.readMeanwhile(), READ_MS);
        else if (state !== 'opening') this.rest();
      },
      // Between the first reads of the page and now something may have happened that nobody told us.
      opened: (anew) => {
        if (anew) this.tell({ type: 'resync', data: {} });
      },
    });
  }

  /** Call what it returns to stop listening; the last one to go closes the connection. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.stream.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size) return;
      this.stream.stop();
      this.rest();
    };
  }

  private readMeanwhile(): void {
    if (navigator.onLine && document.visibilityState === 'visible') this.tell({ type: 'resync', data: {} });
  }

  private rest(): void {
    clearInterval(this.meanwhile);
    this.meanwhile = undefined;
  }

  private tell(signal: Signal): void {
    for (const listener of this.listeners) listener(signal);
  }
}
