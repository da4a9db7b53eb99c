import type { Client } from './client.js';
import { type Row, Stream } from './stream.js';

/**
 * An event of the user's stream: ids, states and words. It is a reason to read, never the truth itself. `type` is its name, such as
 * `connection.activated`; `resync` when some may have been missed: read everything again.
 */
export type Signal = Pick<Row, 'type' | 'data'>;
type Listener = (signal: Signal) => void;

/** The user's live stream: one connection a page, opened while somebody listens and the page is seen. */
export class Live {
  private readonly listeners = new Set<Listener>();
  private readonly stream: Stream;

  constructor(client: Client) {
    this.stream = new Stream(client, '/v1/stream', {
      take: ({ type, data }) => this.tell({ type, data }),
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
      if (!this.listeners.size) this.stream.stop();
    };
  }

  private tell(signal: Signal): void {
    for (const listener of this.listeners) listener(signal);
  }
}
