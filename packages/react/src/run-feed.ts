import type { MessageDelta, RunEventView } from '@gatehouse/contracts';
import type { Client } from './client.js';
import { all } from './hooks.js';
import { type Row, Stream, type StreamState } from './stream.js';

export interface RunFeedView {
  /** The run's events so far, each once, in their order. */
  rows: readonly RunEventView[];
  /** What the model is saying just now: not finished, and gone when its message is there. */
  speaking: string | null;
  state: StreamState;
}

/** Pieces of text come often; they are shown this often at the most. */
const TEXT_MS = 80;
/** While there is no stream, as in a tab too many, the stored events are read this often. */
const READ_MS = 3_000;

/** One run as it happens: its stored events, each once whatever the network does, and what is being said. For `useSyncExternalStore`. */
export class RunFeed {
  private view: RunFeedView = { rows: [], speaking: null, state: 'opening' };
  private speech: { turn: number; text: string } | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly stream: Stream;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private reading: AbortController | undefined;

  constructor(
    private readonly client: Client,
    private readonly runId: string,
  ) {
    this.stream = new Stream(client, `/v1/runs/${encodeURIComponent(runId)}/events`, {
      take: (row) => this.take(row),
      changed: (state) => {
        // Pieces are not sent again; after a break they begin anew.
        if (state !== 'open') this.speech = undefined;
        this.show({ state });
        if (state !== 'lost') this.reading?.abort();
        else if (!this.reading || this.reading.signal.aborted) void this.readMeanwhile();
      },
    });
  }

  readonly read = (): RunFeedView => this.view;

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.stream.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size) return;
      this.stream.stop();
      this.reading?.abort();
    };
  };

  private async readMeanwhile(): Promise<void> {
    const reading = new AbortController();
    this.reading = reading;
    while (!reading.signal.aborted) {
      const rows = await all<RunEventView>(this.client, `/v1/runs/${this.runId}/timeline`, {}, reading.signal).catch(() => []);
      if (reading.signal.aborted) return;
      for (const { seq, type, data, at } of rows) this.add(String(seq), type, { ...data, at });
      await new Promise((next) => setTimeout(next, READ_MS));
    }
  }

  private take({ id, type, data }: Row): void {
    if (type === 'message.delta') this.hear(data as unknown as MessageDelta);
    else this.add(id, type, data);
  }

  private add(id: string | undefined, type: string, data: Row['data']): void {
    const seq = Number(id);
    const last = this.view.rows.at(-1)?.seq ?? 0;
    if (!Number.isInteger(seq) || seq <= last) return;
    const { at, ...rest } = data;
    this.speech = undefined;
    this.show({ rows: [...this.view.rows, { seq, type, data: rest, at: String(at) }] });
  }

  /** A piece with a gap before it is left: the whole text comes with the message. */
  private hear({ turn, at, text }: MessageDelta): void {
    if (at === 0) this.speech = { turn, text };
    else if (this.speech?.turn === turn && this.speech.text.length === at) this.speech.text += text;
    else return;
    this.timer ??= setTimeout(() => this.show({}), TEXT_MS);
  }

  private show(change: Partial<RunFeedView>): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.view = { ...this.view, ...change, speaking: this.speech?.text ?? null };
    for (const listener of this.listeners) listener();
  }
}
