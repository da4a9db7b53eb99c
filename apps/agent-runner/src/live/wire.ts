import { log } from '@gatehouse/runtime';
import pg from 'pg';

const logger = log('live');
const AGAIN_MS = 1_000;
const SILENCE_MS = 5_000;

export interface Note {
  channel: string;
  /** Below 8000 bytes, or Postgres refuses it. */
  payload: string;
}

/**
 * One connection that listens and notifies, outside all business transactions. Comes back by itself. What is lost meanwhile is lost:
 * nothing may depend on a note.
 */
export class Wire {
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly channels: readonly string[],
    private readonly on: { heard: (note: Note) => void; connected: () => void },
  ) {}

  get ready(): boolean {
    return this.client !== undefined;
  }

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'agent_runner live',
      keepAlive: true,
      connectionTimeoutMillis: SILENCE_MS,
      query_timeout: SILENCE_MS,
      // A note is nothing that has to be on disk.
      options: '-c synchronous_commit=off',
    });
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ channel, payload = '' }) => this.on.heard({ channel, payload }));
    try {
      await client.connect();
      for (const channel of this.channels) await client.query(`listen ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      return this.again(client, error);
    }
    if (this.stopped) return void client.end().catch(() => undefined);
    this.client = client;
    this.on.connected();
  }

  /** Whether they were sent. Without notes it asks whether the database is still there. */
  async send(notes: readonly Note[]): Promise<boolean> {
    const { client } = this;
    if (!client) return false;
    try {
      const rows = JSON.stringify(notes);
      await client.query('select pg_notify(n.channel, n.payload) from jsonb_to_recordset($1::jsonb) as n(channel text, payload text)', [
        rows,
      ]);
      return true;
    } catch (error) {
      this.lost(client, error);
      return false;
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private lost(client: pg.Client, error?: unknown): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.again(client, error);
  }

  private again(client: pg.Client, error: unknown): void {
    client.end().catch(() => undefined);
    if (this.stopped) return;
    logger.warn({ err: error }, 'live text is off: no connection to the database; streams look for themselves once a second');
    this.timer = setTimeout(() => void this.connect(), AGAIN_MS);
  }
}
